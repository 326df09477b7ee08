/**
 * `waystone explain policy`: what policies say about a Service, port by port. Authorization adds up, so it is a list in the order in
 * which it is asked; kinds that merge are shown with where they came from, and what is overridden by name.
 */
import type { SourceOrigin } from "@waystone/controller/model/sources";
import {
  type MergedAuthentication,
  type MergedField,
  mergedFields,
} from "@waystone/engine/authentication/merge-levels";
import type { PreparedPolicy, Program } from "@waystone/engine/authorization/program";
import type { PolicyTarget } from "@waystone/engine/authorization/policy";
import { isPolicyBefore } from "@waystone/waypoint/store/policy-precedence";
import type { StoredPolicy } from "@waystone/waypoint/store/policies";
import type { ServiceModel } from "@waystone/controller/model/service";
import { CliError } from "../cli-error.ts";
import type { ExplainOptions } from "../flags/world-options.ts";
import { renderYaml } from "../output/render-yaml.ts";
import { Asker } from "./ask.ts";
import { findService } from "./find-port.ts";
import { openWorld } from "./open-world.ts";
import type { WaypointView } from "./waypoint-view.ts";
import type { World } from "./world.ts";

export interface ServicePolicies {
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly waypoint: string;
  readonly ports: readonly PortPolicies[];
  /** Of the Service as a backend, whoever sends requests to it. */
  readonly backend: readonly MergedPolicy[];
}

interface PortPolicies {
  readonly port: number;
  readonly name: string;
  /** Without any ALLOW everything is allowed that nothing denies. */
  readonly default: "allow" | "deny";
  readonly authorization: readonly AuthorizationEntry[];
  /** Who says each field of what clients have to show; empty: nothing is asked of them. */
  readonly authentication: readonly AuthenticationField[];
  /** AuthenticationPolicies of which no field is in force here, and those that are instead. */
  readonly overridden: readonly { readonly policy: string; readonly by: readonly string[] }[];
  /** Rules of routes that policies are about: those of the port hold there too, and are not repeated. */
  readonly routeRules: readonly {
    readonly rule: string;
    readonly authorization: readonly AuthorizationEntry[];
  }[];
}

interface AuthorizationEntry {
  readonly policy: string;
  readonly action: string;
  readonly mode: string;
  /** "Namespace shop": the target that brings it here. */
  readonly level: string;
  readonly minimumAssurance: string;
  readonly rules: number;
  /** Why not all of it holds here. */
  readonly note: string;
  readonly origin: SourceOrigin | null;
}

interface AuthenticationField {
  readonly field: MergedField;
  readonly policy: string;
  readonly origin: SourceOrigin | null;
}

interface MergedPolicy {
  readonly policy: string;
  /** "" for all ports. */
  readonly port: string;
  readonly fields: readonly { readonly field: string; readonly origin: SourceOrigin | null }[];
  /** Those that are about it too, and do not hold. */
  readonly overrides: readonly string[];
}

export async function explainPolicyCommand(service: string, options: ExplainOptions): Promise<string> {
  const world = await openWorld(options, { names: [service], from: "" });
  try {
    const found = describeService(world, findService(world, service));
    if (options.output === "text") return renderPolicies(found);
    return options.output === "json" ? `${JSON.stringify(found, null, 2)}\n` : renderYaml(found);
  } finally {
    world.close();
  }
}

function describeService(world: World, service: ServiceModel): ServicePolicies {
  const { waypoint, key } = service;
  if (waypoint === undefined) {
    throw new CliError(
      `no policy holds for Service ${key}: no waypoint serves it${service.refusal === undefined ? "" : ` (${service.refusal})`}`,
    );
  }
  const view = new Asker(world).view(waypoint);
  return {
    service: key,
    waypoint,
    ports: service.ports.flatMap((port) => describePort(world, view, key, port.port, port.name)),
    backend: describeBackend(world, view, key),
  };
}

function describePort(
  world: World,
  view: WaypointView,
  service: string,
  port: number,
  name: string,
): PortPolicies[] {
  const served = view.portOf(`${service}:${port}`);
  if (served === undefined) return [];
  const { program, ofRules } = served.policies ?? { program: undefined, ofRules: new Map() };
  const ofPort = entriesOf(world, view, service, program);
  const known = new Set(ofPort.map(({ policy }) => policy));
  return [
    {
      port,
      name,
      default: program?.defaultDeny === undefined ? "allow" : "deny",
      authorization: ofPort,
      ...describeAuthentication(world, served.policies?.authentication?.merged),
      routeRules: [...ofRules].map(([rule, own]) => ({
        rule: `${rule.route.kind} ${rule.label}`,
        authorization: entriesOf(world, view, service, own).filter(({ policy }) => !known.has(policy)),
      })),
    },
  ];
}

function describeAuthentication(
  world: World,
  merged: MergedAuthentication | undefined,
): Pick<PortPolicies, "authentication" | "overridden"> {
  if (merged === undefined) return { authentication: [], overridden: [] };
  const by = {
    requirement: merged.requirementBy,
    jwt: merged.jwtBy,
    apiKeys: merged.apiKeysBy,
    basic: merged.basicBy,
  };
  const authentication = mergedFields.flatMap((field): AuthenticationField[] => {
    const policy = by[field];
    if (policy === undefined) return [];
    return [{ field, policy, origin: world.positionOf(policy, `spec.${field}`) ?? null }];
  });
  const overridden = [...merged.overridden].map(([policy, others]) => ({ policy, by: others }));
  return { authentication, overridden };
}

function entriesOf(
  world: World,
  view: WaypointView,
  service: string,
  program: Program | undefined,
): AuthorizationEntry[] {
  if (program === undefined) return [];
  return [program, ...(program.shadow === undefined ? [] : [program.shadow])]
    .flatMap(({ unusable, customs, denies, allows, audits }) => [
      ...unusable,
      ...customs,
      ...denies,
      ...allows,
      ...audits,
    ])
    .map(({ policy, note }: PreparedPolicy) => ({
      policy: policy.key,
      action: policy.action,
      mode: policy.mode,
      level: levelOf(policy.targets, service, view),
      minimumAssurance: policy.minimumAssurance,
      rules: policy.rules.length,
      note: [...policy.unusable.map((reason) => `cannot be carried out: ${reason}`), note]
        .filter((text) => text !== "")
        .join("; "),
      origin: world.positionOf(policy.key, "") ?? null,
    }));
}

/** The target that is about this Service, by whatever way. */
function levelOf(targets: readonly PolicyTarget[], service: string, { store }: WaypointView): string {
  const [namespace] = service.split("/");
  const found = targets.find(({ kind, name }) => {
    if (kind === "Service") return name === service;
    if (kind === "Namespace") return name === namespace;
    if (kind === "Gateway") return name === store.services.get(service)?.waypoint;
    return store.routes.parentsOf(`${kind}/${name}`).includes(service);
  });
  if (found === undefined) return "";
  return `${found.kind} ${found.name}${found.section === "" ? "" : ` (${found.section})`}`;
}

/** Of each kind the policies of the most specific level, then the oldest, then by name; a port before the whole Service. */
function describeBackend(world: World, { store }: WaypointView, service: string): MergedPolicy[] {
  const about = [...store.policies.about("Service", service)].filter(
    ({ spec }) => spec.case === "backend-tls" || spec.case === "backend-traffic",
  );
  const claims = about.flatMap((policy) =>
    policy.targets.filter(({ name }) => name === service).map(({ section }) => ({ policy, section })),
  );
  const groups = Map.groupBy(claims, ({ policy, section }) => `${policy.spec.case} ${section}`);
  return [...groups.values()].map((group) => {
    const [first, ...others] = group.toSorted((a, b) => (isPolicyBefore(a.policy, b.policy) ? -1 : 1));
    return {
      policy: first!.policy.name,
      port: first!.section,
      fields: fieldsOf(world, first!.policy),
      overrides: others.map(({ policy }) => policy.name),
    };
  });
}

function fieldsOf(world: World, { name, spec }: StoredPolicy): MergedPolicy["fields"] {
  const given =
    spec.case === "backend-tls"
      ? ["spec.validation"]
      : spec.case === "backend-traffic"
        ? trafficFields(spec.backendTraffic)
        : [];
  return given.map((field) => ({ field, origin: world.positionOf(name, field) ?? null }));
}

function trafficFields(traffic: {
  readonly retryBudget?: object | null;
  readonly sessionPersistence?: object | null;
}): string[] {
  return [
    ...(traffic.retryBudget ? ["spec.retryConstraint"] : []),
    ...(traffic.sessionPersistence ? ["spec.sessionPersistence"] : []),
  ];
}

function renderPolicies({ service, waypoint, ports, backend }: ServicePolicies): string {
  const lines = [`Service ${service}, waypoint ${waypoint}`];
  for (const port of ports) {
    const fallback =
      port.default === "allow" ? "allowed, where nothing denies it" : "denied, unless an ALLOW matches";
    lines.push(
      "",
      `port ${port.port}${port.name === "" ? "" : ` (${port.name})`}: everything is ${fallback}`,
    );
    lines.push(...port.authorization.map(renderEntry));
    for (const { field, policy, origin } of port.authentication)
      lines.push(`  who asks: ${field} by ${policy.replace("/", " ")}${placeOf(origin)}`);
    for (const { policy, by } of port.overridden)
      lines.push(`  ${policy.replace("/", " ")} is overridden by ${by.join(", ")}`);
    for (const { rule, authorization } of port.routeRules) {
      lines.push(`  also at ${rule}:`, ...authorization.map((entry) => `  ${renderEntry(entry)}`));
    }
  }
  if (backend.length > 0) lines.push("", "as a backend, whoever sends requests to it:");
  for (const { policy, port, fields, overrides } of backend) {
    lines.push(`  ${policy.replace("/", " ")}${port === "" ? "" : `, port ${port}`}`);
    lines.push(...fields.map(({ field, origin }) => `    ${field}${placeOf(origin)}`));
    lines.push(...overrides.map((each) => `    overrides ${each.replace("/", " ")}`));
  }
  return `${lines.join("\n")}\n`;
}

function renderEntry({
  policy,
  action,
  mode,
  level,
  rules,
  note,
  minimumAssurance,
  origin,
}: AuthorizationEntry): string {
  const count = rules === 1 ? "1 rule" : `${rules} rules`;
  const sure = minimumAssurance === "None" ? "" : `, assurance ${minimumAssurance}`;
  const head = `  ${action.padEnd(6)} ${policy.replace("/", " ")}, ${count}${sure}, by ${level}`;
  return `${head}${mode === "Shadow" ? ", Shadow" : ""}${note === "" ? "" : `; ${note}`}${placeOf(origin)}`;
}

function placeOf(origin: SourceOrigin | null): string {
  return origin === null ? "" : `  ${origin.file}:${origin.line}:${origin.column}`;
}
