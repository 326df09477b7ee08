/** What people should know of rules that are in order and yet do less, or more, than they may think. */
import { celAttribute } from "@waystone/engine/authorization/cel-attribute";
import { compileCel } from "@waystone/engine/authorization/cel/compile-cel";
import type { Condition } from "@waystone/engine/authorization/condition";
import type { AuthorizationPolicy, AuthorizationRule } from "@waystone/engine/authorization/policy";
import type { Finding } from "../../model/finding.ts";
import { isHttp } from "../../model/service-port.ts";
import type { TargetService } from "./targets.ts";

export function ruleFindings(policy: AuthorizationPolicy, targets: readonly TargetService[]): Finding[] {
  const connections = describeConnectionPorts(targets);
  return [
    ...assuranceFindings(policy),
    ...askingFindings(policy, connections),
    ...policy.rules.flatMap((rule) => [
      ...anonymousFindings(policy, rule),
      ...emptyHandedFindings(rule),
      ...constantFindings(rule),
      ...(connections === "" ? [] : connectionFindings(policy, rule, connections)),
    ]),
  ];
}

const warning = (field: string, message: string): Finding => ({ severity: "warning", field, message });

const noTls = "no listener terminates TLS yet, so that nobody has a TLS identity";
const identityAttributes = new Set(["serviceAccounts", "namespaces", "principals", "podLabels"]);

function askingFindings({ action }: AuthorizationPolicy, connections: string): Finding[] {
  if (action !== "CUSTOM" || connections === "") return [];
  const message = `nobody can be asked about connections of ${connections}: what it would ask about is denied there`;
  return [warning("spec.action", message)];
}

function assuranceFindings({ minimumAssurance }: AuthorizationPolicy): Finding[] {
  return minimumAssurance === "TLS" ? [warning("spec.minimumAssurance", `matches nobody: ${noTls}`)] : [];
}

function emptyHandedFindings({ index, from = [] }: AuthorizationRule): Finding[] {
  return from.flatMap((conditions, at) =>
    conditions.flatMap(({ attribute, negated }) => {
      if (attribute !== "principals" || negated) return [];
      return [warning(`spec.rules[${index}].from[${at}].source.${attribute}`, `matches nobody: ${noTls}`)];
    }),
  );
}

/** An expression that is about nothing says the same of every request: somebody meant another name, or left a test in. */
function constantFindings({ index, to = [] }: AuthorizationRule): Finding[] {
  // Expressions are the rule's, and stand in every alternative.
  const expressions = to[0]?.filter(({ attribute }) => attribute === celAttribute) ?? [];
  return expressions.flatMap(({ key, values: [source = ""] }) => {
    const compiled = compileCel(source);
    if (typeof compiled === "string" || compiled.layers.size > 0) return [];
    const message = `${source} asks nothing about the request, so that it is the same for every one`;
    return [warning(`spec.rules[${index}].when[${key}]`, message)];
  });
}

/** "Everybody but them" holds for those too of whom nobody knows who they are. */
function anonymousFindings(
  { action, minimumAssurance }: AuthorizationPolicy,
  { index, from = [] }: AuthorizationRule,
): Finding[] {
  if (action !== "ALLOW" || minimumAssurance !== "None") return [];
  return from.flatMap((conditions, at) => {
    const isOnlyNegated = conditions.every(({ negated }) => negated);
    if (!isOnlyNegated || !conditions.some(({ attribute }) => identityAttributes.has(attribute))) return [];
    const message =
      "allows clients too of whom nobody knows who they are; set minimumAssurance: Network if it should not";
    return [warning(`spec.rules[${index}].from[${at}].source`, message)];
  });
}

function connectionFindings(
  { action }: AuthorizationPolicy,
  { index, from = [], to = [] }: AuthorizationRule,
  ports: string,
): Finding[] {
  const asked = [...from, ...to].flat().filter((condition: Condition) => condition.needsRequest);
  const names = [...new Set(asked.map(({ attribute }) => (attribute === celAttribute ? "when" : attribute)))];
  if (names.length === 0) return [];
  const isAll = [...from, ...to].flat().length === asked.length;
  const denied = isAll ? "it denies every connection there" : "the rest of the rule denies alone there";
  const isStricter = action === "DENY" || action === "CUSTOM";
  const consequence = isStricter ? denied : "it matches nothing there";
  const message = `asks for ${names.join(", ")}, which connections of ${ports} do not have: ${consequence}`;
  return [warning(`spec.rules[${index}]`, message)];
}

/** More would be read by nobody. */
const shownPorts = 3;

function describeConnectionPorts(targets: readonly TargetService[]): string {
  const found = new Set(
    targets.flatMap(({ service, ports }) =>
      ports.filter((port) => !isHttp(port)).map(({ port }) => `${service.key}:${port}`),
    ),
  );
  const shown = [...found].slice(0, shownPorts).join(", ");
  return found.size > shownPorts ? `${shown} and ${found.size - shownPorts} more` : shown;
}
