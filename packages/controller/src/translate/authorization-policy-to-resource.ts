/**
 * AuthorizationPolicy -> Policy resource, what it is about, and what is said of it. What the engine would refuse is not left out: the
 * resource then carries the reasons, and its targets deny.
 */
import type { AuthorizationPolicy } from "@waystone/api/kubernetes/waystone";
import { controllerName } from "@waystone/api/names";
import { Assurance, AuthorizationAction, PolicyMode, type PolicyResource } from "@waystone/api/resources";
import { compilePolicy } from "@waystone/engine/authorization/policy-from-resource";
import { Problems } from "@waystone/engine/route/problems";
import { draftCondition, type DraftCondition } from "../model/draft-condition.ts";
import type { Finding } from "../model/finding.ts";
import type { SourcedObject } from "../model/sources.ts";
import { type AncestorStatus, emptyStatus, referenceTo, type Translation } from "./object-status.ts";
import {
  type AuthorizerContext,
  type AuthorizerFault,
  translateAuthorizer,
  type TranslatedAuthorizer,
} from "./policy/authorizer.ts";
import { translateAuthorizationRule } from "./policy/authorization-rules.ts";
import { encodePolicy } from "./policy/encode-policy.ts";
import type { PolicyNeeds } from "./policy/policy-needs.ts";
import { waypointsOf } from "./policy/service-targets.ts";
import { ruleFindings } from "./policy/rule-findings.ts";
import { type ResolvedTarget, resolveTarget, type TargetContext } from "./policy/targets.ts";
import { resourceHead } from "./resource-head.ts";

export interface PolicyTranslation extends Translation {
  readonly needs: PolicyNeeds;
}

export function translateAuthorizationPolicy(
  context: Omit<TargetContext & AuthorizerContext, "namespace">,
  { key, object, problem }: SourcedObject<AuthorizationPolicy>,
): PolicyTranslation {
  const name = `AuthorizationPolicy/${key}`;
  const namespace = object.metadata.namespace ?? "";
  const targets = object.spec.targetRefs.map((ref) => resolveTarget({ ...context, namespace }, ref));
  const { provider } = object.spec;
  const authorizer =
    provider === undefined ? undefined : translateAuthorizer({ ...context, namespace }, key, provider);
  const message = policyMessage(object, namespace, targets, authorizer);
  const problems = new Problems();
  const compiled = compilePolicy(message, problems);
  const usable: PolicyResource =
    problems.reasons.length === 0
      ? message
      : { ...message, unusable: [...problems.reasons], authorization: bare(message) };
  const services = targets.flatMap((target) => target.services);
  const status = emptyStatus(object, problem);
  const { generation } = status;
  const resource = encodePolicy(usable);
  const accepted = acceptedCondition(targets, problems.reasons, generation);
  return {
    key: name,
    resource,
    needs: {
      policy: name,
      services: [...new Set(services.map(({ service }) => service.key))].toSorted(),
      ...(authorizer?.service !== undefined && { authorizers: [authorizer.service] }),
    },
    status: {
      ...status,
      mode: object.spec.mode ?? "Enforce",
      resource: referenceTo(resource),
      conditions: [accepted, resolvedRefs(targets, authorizer?.fault, generation)],
      ancestors: targets.map((target, index): AncestorStatus => {
        const { group, kind, name: targetName, sectionName } = object.spec.targetRefs[index]!;
        const section = sectionName === undefined ? {} : { sectionName };
        return {
          ancestorRef: { group, kind, name: targetName, namespace, ...section },
          controllerName,
          waypoints: [
            ...new Set(target.services.flatMap(({ service }) => waypointsOf(context, service.key))),
          ],
          conditions: [targetCondition(target, accepted, generation)],
        };
      }),
      findings: [
        ...targets.flatMap(targetFinding),
        ...(authorizer?.fault === undefined ? [] : [authorizerFinding(authorizer.fault)]),
        ...problems.reasons.map(unusableFinding),
        ...(problems.reasons.length === 0 ? ruleFindings(compiled, services) : []),
      ],
    },
  };
}

const modes = { Enforce: PolicyMode.ENFORCE, Shadow: PolicyMode.SHADOW } as const;
const levels = {
  None: Assurance.ASSURANCE_NONE,
  Network: Assurance.ASSURANCE_NETWORK,
  Token: Assurance.ASSURANCE_TOKEN,
  TLS: Assurance.ASSURANCE_TLS,
} as const;

function policyMessage(
  object: AuthorizationPolicy,
  namespace: string,
  targets: readonly ResolvedTarget[],
  authorizer: TranslatedAuthorizer | undefined,
): PolicyResource {
  const { spec } = object;
  return {
    ...resourceHead(object),
    mode: modes[spec.mode ?? "Enforce"],
    targets: targets.flatMap(({ resource }) => resource ?? []),
    authorization: {
      action: AuthorizationAction[spec.action ?? "ALLOW"],
      minimumAssurance: levels[spec.minimumAssurance ?? "None"],
      rules: (spec.rules ?? []).map((rule) => translateAuthorizationRule(rule, namespace)),
      ...(authorizer !== undefined && { provider: authorizer.resource }),
    },
  };
}

/** What a waypoint would refuse stays away from it; that the policy cannot be carried out is enough. */
function bare({ authorization }: PolicyResource): NonNullable<PolicyResource["authorization"]> {
  return { action: authorization?.action ?? AuthorizationAction.DENY, rules: [] };
}

/** Whether it is carried out as written. What is not closes its targets, or has none. */
function acceptedCondition(
  targets: readonly ResolvedTarget[],
  reasons: readonly string[],
  generation: number,
): DraftCondition {
  if (reasons.length > 0) {
    const message = `cannot be carried out, so that its targets deny everything: ${reasons.join("; ")}`;
    return draftCondition("Accepted", "False", "Invalid", message, generation);
  }
  const lost = targets.flatMap(({ fault }) =>
    fault === undefined || fault.reason === "SectionNotFound" ? [] : fault,
  );
  if (lost.length < targets.length || lost[0] === undefined) {
    return draftCondition("Accepted", "True", "Accepted", "the policy is carried out", generation);
  }
  return draftCondition(
    "Accepted",
    "False",
    lost[0].reason,
    lost.map(({ message }) => message).join("; "),
    generation,
  );
}

function targetCondition(
  { fault }: ResolvedTarget,
  ofPolicy: DraftCondition,
  generation: number,
): DraftCondition {
  if (fault === undefined || ofPolicy.reason === "Invalid") return ofPolicy;
  return draftCondition("Accepted", "False", fault.reason, fault.message, generation);
}

function resolvedRefs(
  targets: readonly ResolvedTarget[],
  ofAuthorizer: AuthorizerFault | undefined,
  generation: number,
): DraftCondition {
  const ofTargets = targets.flatMap(({ fault }) => fault ?? []);
  const faults = ofAuthorizer === undefined ? ofTargets : [ofAuthorizer, ...ofTargets];
  const [first] = faults;
  if (first === undefined) {
    return draftCondition("ResolvedRefs", "True", "ResolvedRefs", "all targets exist", generation);
  }
  const message = faults.map((fault) => fault.message).join("; ");
  return draftCondition("ResolvedRefs", "False", first.reason, message, generation);
}

function authorizerFinding({ field, message }: AuthorizerFault): Finding {
  return { severity: "error", field, message: `${message} (what would be put to it is refused)` };
}

function targetFinding({ fault, services }: ResolvedTarget, index: number): Finding[] {
  const field = `spec.targetRefs[${index}]`;
  if (fault !== undefined) return [{ severity: "error", field, message: fault.message }];
  const unserved = services.filter(({ service }) => service.waypoint === undefined);
  if (services.length === 0 || unserved.length < services.length) return [];
  const message = `no waypoint serves ${unserved[0]?.service.key ?? ""}${unserved.length > 1 ? ` and ${unserved.length - 1} more` : ""}, so that nothing carries the policy out`;
  return [
    {
      severity: "warning",
      field,
      message: `${message}; annotate it or its Namespace with waystone.dev/use-waypoint`,
    },
  ];
}

function unusableFinding(reason: string): Finding {
  const colon = reason.indexOf(": ");
  const message = `${reason.slice(colon + 2)} (its targets deny everything)`;
  return { severity: "error", field: `spec.${reason.slice(0, colon)}`, message };
}
