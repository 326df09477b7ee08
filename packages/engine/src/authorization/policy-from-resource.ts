/**
 * From the message that the controller pushes to the policy that is decided by. All or nothing: with anything in it that this version
 * does not know it is refused with every reason. What is refused and has no good version denies (`unreadablePolicy`).
 */
import {
  Assurance as WireAssurance,
  AuthorizationAction as WireAction,
  type AuthorizationConditionResource,
  type AuthorizationConditionsResource,
  type AuthorizationRuleResource,
  type PolicyResource,
  PolicyMode as WireMode,
} from "@waystone/api/resources";
import { unreadKind } from "@waystone/api/names";
import { Problems, ResourceError } from "../route/problems.ts";
import { type Assurance, assurances } from "./assurance.ts";
import { attributes } from "./attributes.ts";
import { type Authorizer, authorizerFromResource } from "./authorizer.ts";
import { celAttribute } from "./cel-attribute.ts";
import { AttributeCondition, type Condition } from "./condition.ts";
import {
  type AuthorizationAction,
  type AuthorizationPolicy,
  type AuthorizationRule,
  type PolicyTarget,
} from "./policy.ts";
import { modeFromResource, targetsFromResource } from "./targets-from-resource.ts";

/** Throws a ResourceError with all reasons. */
export function policyFromResource(resource: PolicyResource): AuthorizationPolicy {
  const problems = new Problems();
  const policy = compilePolicy(resource, problems);
  if (problems.reasons.length > 0) throw new ResourceError(policy.key, problems.reasons);
  return policy;
}

/** Adds to the problems what is wrong with the resource; the policy is to be used only where nothing is. */
export function compilePolicy(resource: PolicyResource, problems: Problems): AuthorizationPolicy {
  const { kind = "", namespace = "", name = "", authorization } = resource;
  for (const [field, value] of Object.entries({ kind, namespace, name })) {
    if (!value) problems.add(field, "is empty");
  }
  const isStandIn = kind === unreadKind;
  if ((kind !== "AuthorizationPolicy" && !isStandIn) || !authorization) {
    problems.add("kind", `${JSON.stringify(kind)} is not known to this version`);
  }
  const action = actionOf(authorization?.action, problems);
  const minimumAssurance = assuranceOf(authorization?.minimumAssurance, problems);
  if (action === "DENY" && minimumAssurance !== "None") {
    problems.add("authorization.minimumAssurance", "on a DENY it would deny less");
  }
  if (action === "CUSTOM" && minimumAssurance !== "None") {
    problems.add("authorization.minimumAssurance", "on a CUSTOM it would ask less");
  }
  const key = `${kind}/${namespace}/${name}`;
  const unusable = resource.unusable ?? [];
  if (isStandIn && unusable.length === 0) problems.add("unusable", "is empty");
  const rules = rulesOf(authorization?.rules ?? [], { key, action }, problems);
  return {
    key,
    namespace: namespace ?? "",
    name: name ?? "",
    generation: resource.generation ?? 0,
    createdAtSeconds: resource.createdAtSeconds ?? 0,
    mode: modeFromResource(resource.mode, problems),
    action,
    minimumAssurance,
    targets: targetsFromResource(resource.targets, namespace ?? "", problems),
    rules: action === "CUSTOM" && rules.length === 0 ? [everyRequest] : rules,
    provider: providerOf(resource, action, key, problems),
    unusable,
    ...(isStandIn && { isStandIn }),
  };
}

const everyRequest: AuthorizationRule = { label: "", index: 0, from: undefined, to: undefined };

/** One that cannot be carried out asks nobody. */
function providerOf(
  { authorization, unusable }: PolicyResource,
  action: AuthorizationAction,
  key: string,
  problems: Problems,
): Authorizer | undefined {
  const { provider } = authorization ?? {};
  if (provider && action !== "CUSTOM") problems.add("authorization.provider", `stands with ${action}`);
  if (action !== "CUSTOM" || (unusable ?? []).length > 0) return undefined;
  if (provider) return authorizerFromResource(provider, key, problems);
  problems.add("authorization.provider", "is missing: a CUSTOM has to ask somebody");
  return undefined;
}

/**
 * For a resource that cannot be read and has no good version: what it is about denies until somebody mends it, or every Service of
 * its namespace where not even that can be told. One that says that it is shadowed is recorded, and denies nothing.
 */
export function unreadablePolicy(
  resourceName: string,
  reasons: readonly string[],
  message?: PolicyResource,
): AuthorizationPolicy {
  const [, namespace = "", name = ""] = resourceName.split("/");
  return {
    key: resourceName,
    namespace,
    name,
    generation: message?.generation ?? 0,
    createdAtSeconds: 0,
    mode: message?.mode === WireMode.SHADOW ? "Shadow" : "Enforce",
    action: "ALLOW",
    minimumAssurance: "None",
    targets: readableTargets(message, namespace) ?? [{ kind: "Namespace", name: namespace, section: "" }],
    rules: [],
    provider: undefined,
    unusable: reasons,
  };
}

/** All of them, or undefined. */
function readableTargets(
  message: PolicyResource | undefined,
  namespace: string,
): readonly PolicyTarget[] | undefined {
  const problems = new Problems();
  const targets = targetsFromResource(message?.targets, namespace, problems);
  return targets.length === 0 || problems.reasons.length > 0 ? undefined : targets;
}

function actionOf(action: number | null | undefined, problems: Problems): AuthorizationAction {
  if (action === WireAction.ALLOW) return "ALLOW";
  if (action === WireAction.AUDIT) return "AUDIT";
  if (action === WireAction.CUSTOM) return "CUSTOM";
  if (action !== WireAction.DENY) {
    problems.add("authorization.action", `${action ?? 0} is not known to this version`);
  }
  return "DENY";
}

function assuranceOf(level: number | null | undefined, problems: Problems): Assurance {
  const assurance = assurances[level ?? WireAssurance.ASSURANCE_NONE];
  if (assurance === undefined) {
    problems.add("authorization.minimumAssurance", `${level} is not known to this version`);
  }
  return assurance ?? "TLS";
}

/** The policy of a rule. */
type Owner = Pick<AuthorizationPolicy, "key" | "action">;

/** Steps of all expressions of a policy together: a millisecond or two. */
const policyStepLimit = 100_000;

function rulesOf(
  resources: readonly AuthorizationRuleResource[],
  owner: Owner,
  problems: Problems,
): readonly AuthorizationRule[] {
  const rules = resources.map((rule, index) => ruleOf(rule, index, owner, problems));
  let steps = 0;
  for (const rule of rules) {
    for (const condition of (rule.to ?? []).flat()) steps += condition.steps;
    if (steps <= policyStepLimit) continue;
    const message = `with it the expressions of the policy could take ${steps} steps, more than ${policyStepLimit}`;
    problems.add(`rules[${rule.index}].when`, message);
    break;
  }
  return rules;
}

function ruleOf(
  { name, from, to }: AuthorizationRuleResource,
  index: number,
  owner: Owner,
  problems: Problems,
): AuthorizationRule {
  const field = `rules[${index}]`;
  // Every alternative of `to` has the rule's expressions: they are compiled once.
  const expressions = new Map<string, Condition | undefined>();
  const conditionAt = (each: AuthorizationConditionResource, place: string): Condition | undefined => {
    if (each.attribute !== celAttribute) return conditionOf(each, place, owner, problems);
    const id = `${each.key} ${each.negated} ${JSON.stringify(each.values)}`;
    if (!expressions.has(id)) expressions.set(id, conditionOf(each, field, owner, problems));
    return expressions.get(id);
  };
  const groups = (
    resources: readonly AuthorizationConditionsResource[] | null | undefined,
    side: "from" | "to",
  ): readonly (readonly Condition[])[] | undefined => {
    if (!resources || resources.length === 0) return undefined;
    const inner = side === "from" ? "source" : "operation";
    return resources.map(({ conditions }, at) => {
      const place = `${field}.${side}[${at}].${inner}`;
      if (!conditions || conditions.length === 0) problems.add(place, "is empty: leave it out to mean any");
      return (conditions ?? []).flatMap((each) => conditionAt(each, place) ?? []);
    });
  };
  return { label: name || `${index}`, index, from: groups(from, "from"), to: groups(to, "to") };
}

function conditionOf(
  resource: AuthorizationConditionResource,
  place: string,
  owner: Owner,
  problems: Problems,
): Condition | undefined {
  const attribute = resource.attribute ?? "";
  const key = resource.key ?? "";
  const negated = resource.negated ?? false;
  const values = resource.values ?? [];
  const field = `${place}.${fieldName(attribute, key, negated)}`;
  const make = attributes.get(attribute);
  if (make === undefined) {
    problems.add(field, "is not known to this version");
    return undefined;
  }
  if (values.length === 0) problems.add(field, "has no values");
  const asked = make({
    key,
    values,
    negated,
    policy: owner.key,
    isAllow: owner.action === "ALLOW",
    problem: (at, message) => problems.add(at < 0 ? field : `${field}[${at}]`, message),
  });
  return new AttributeCondition({ attribute, key, negated, values }, asked);
}

/** As it stands in the object: "notPaths", "headers[x-team].notValues". */
export function fieldName(attribute: string, key: string, negated: boolean): string {
  if (attribute === celAttribute) return `when[${key}]`;
  if (attribute === "headers" || attribute === "claims") {
    return `${attribute}[${key}].${negated ? "notValues" : "values"}`;
  }
  const name = negated ? `not${attribute.charAt(0).toUpperCase()}${attribute.slice(1)}` : attribute;
  return key === "" ? name : `${name}[${key}]`;
}
