/** For golden files: resources and statuses as plain values that read well as YAML, sorted, without hashes. */
import { typeUrls } from "@waystone/api/names";
import {
  Assurance,
  AuthorizationAction,
  EndpointSlice,
  MatchType,
  Policy,
  PolicyMode,
  AuthorizerApi,
  Protocol,
  Route,
  Secret,
  Service,
  SessionPersistenceType,
  Workload,
} from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import type { DraftCondition } from "../model/draft-condition.ts";
import { buildModel } from "../model/model.ts";
import type { AncestorStatus, ObjectStatus, ParentStatus } from "../translate/object-status.ts";
import { translate } from "../translate/translate.ts";
import { workloadToResource } from "../translate/workload-to-resource.ts";
import { createManifestSources } from "./manifest-sources.ts";

export interface ShownTranslation {
  /** By "<Type> <name>". */
  readonly resources: Readonly<Record<string, unknown>>;
  /** By "<Kind>/<namespace>/<name>". */
  readonly status: Readonly<Record<string, unknown>>;
  /** In a cluster: what is to become of each Service. */
  readonly targets: Readonly<Record<string, unknown>>;
}

/** Manifests that begin with it are a cluster's, whose own namespace is waystone-system; others are files'. */
const clusterMark = "# in a cluster\n";

export function showTranslation(manifests: string): ShownTranslation {
  const isCluster = manifests.startsWith(clusterMark);
  const { graph, sources } = createManifestSources(
    manifests,
    isCluster ? { cluster: { ownNamespace: "waystone-system" } } : {},
  );
  const model = buildModel(sources, graph, { standalone: !isCluster });
  const { resources, statuses } = translate(sources, model, graph);
  const all = [...resources.list(), ...model.workloads.list().map(workloadToResource)];
  return {
    resources: sorted(all.map((resource) => [showName(resource), showBody(resource)])),
    status: sorted(statuses.list().flatMap((status) => showStatus(status))),
    targets: sorted(model.captureTargets.list().map(({ key, target }) => [key, target])),
  };
}

function sorted(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function showName({ typeUrl, name }: EncodedResource): string {
  return `${typeUrl.slice(typeUrl.lastIndexOf(".") + 1)} ${name}`;
}

function showBody({ typeUrl, body }: EncodedResource): unknown {
  switch (typeUrl) {
    case typeUrls.service:
      return plain(Service.decode(body));
    case typeUrls.endpointSlice:
      return plain(EndpointSlice.decode(body));
    case typeUrls.route:
      return plain(Route.decode(body));
    case typeUrls.workload:
      return plain(Workload.decode(body));
    case typeUrls.policy:
      return plain(Policy.decode(body));
    case typeUrls.secret:
      return showSecret(Secret.decode(body));
    case typeUrls.listener:
      throw new Error(`there is no message for ${typeUrl}`);
  }
}

/** Who is known by it, and nothing that anybody could be known by. */
function showSecret({ clientCertificate, credentials }: ReturnType<typeof Secret.decode>): unknown {
  if (clientCertificate) return "a certificate and its key";
  const { apiKeys, users } = credentials ?? {};
  return { keysOf: (apiKeys ?? []).map(({ owner }) => owner), users: (users ?? []).map(({ name }) => name) };
}

/** What is on the wire: set fields alone, enums by name. */
function plain(message: unknown, parent = ""): unknown {
  if (Array.isArray(message)) return message.map((item) => plain(item, parent));
  if (typeof message !== "object" || message === null) return message;
  const set = Object.entries(message).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(
    set.map(([name, value]) => {
      const names = enumNames[`${parent}.${name}`] ?? enumNames[name];
      return [name, names?.[value as number] ?? plain(value, name)];
    }),
  );
}

const enumNames: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  protocol: Protocol,
  api: AuthorizerApi,
  type: MatchType,
  "sessionPersistence.type": SessionPersistenceType,
  mode: PolicyMode,
  action: AuthorizationAction,
  minimumAssurance: Assurance,
};

function showStatus(status: ObjectStatus): [string, unknown][] {
  const shown = {
    ...(status.conditions.length > 0 && { conditions: status.conditions.map(showCondition) }),
    ...(status.parents.length > 0 && { parents: status.parents.map(showParent) }),
    ...(status.ancestors !== undefined &&
      status.ancestors.length > 0 && { ancestors: status.ancestors.map(showAncestor) }),
    ...(status.findings.length > 0 && {
      findings: status.findings.map(({ severity, field, message }) => `${severity} ${field}: ${message}`),
    }),
    ...(status.refusedVersion !== undefined && { refusedVersion: status.refusedVersion }),
  };
  return Object.keys(shown).length === 0 ? [] : [[status.key, shown]];
}

function showAncestor({ ancestorRef, waypoints, conditions }: AncestorStatus): unknown {
  return { ancestorRef, waypoints, conditions: conditions.map(showCondition) };
}

function showParent({ parentRef, waypoint, conditions }: ParentStatus): unknown {
  return { parentRef, waypoint: waypoint ?? null, conditions: conditions.map(showCondition) };
}

function showCondition({ type, status, reason, message, observedGeneration }: DraftCondition): string {
  return `${type}=${status} ${reason} (generation ${observedGeneration}): ${message}`;
}
