/**
 * The checks of `waystone check`, in the order in which one rests on the other. A check answers with what it found and, where
 * that is not well, what to do.
 */
import type { Gateway, GatewayClass } from "@waystone/api/kubernetes/gateway";
import { controllerName, controllerObject, waypointClassName, waystoneGroup } from "@waystone/api/names";
import { describeMisspelt, findMisspeltWishes } from "@waystone/controller/model/misspelt-wish";
import { serverVersion } from "@waystone/kube/discovery/discover";
import type { KubeObject } from "@waystone/kube/kube-object";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { getObject, listObjects } from "@waystone/kube/objects/objects";
import { reviewOwnAccess } from "@waystone/kube/review/access-review";
import { isApiError, isNotFound } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { kinds } from "./kinds.ts";

export interface Finding {
  readonly name: string;
  readonly verdict: "ok" | "warning" | "failed";
  readonly message: string;
}

export interface CheckContext {
  readonly transport: Transport;
  readonly systemNamespace: string;
}

export type Check = (context: CheckContext) => Promise<readonly Finding[]>;

/** The first that carries everything; the one whose API server carries admission policies of our kind. */
const oldestMinor = 30;
const policyMinor = 36;

const checks: readonly Check[] = [
  checkVersion,
  checkRights,
  checkGatewayApi,
  checkOwnKinds,
  checkPolicy,
  checkController,
  checkSourceAddresses,
  checkWaypoints,
  checkSecretGrants,
  checkWishes,
];

const ok = (name: string, message: string): Finding => ({ name, verdict: "ok", message });
const warning = (name: string, message: string): Finding => ({ name, verdict: "warning", message });
const failed = (name: string, message: string): Finding => ({ name, verdict: "failed", message });

/** Whoever may look at some of it alone hears of that: what is forbidden is a line, not the end. */
export async function runChecks(
  context: CheckContext,
  which: readonly Check[] = checks,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const check of which) {
    try {
      found.push(...(await check(context)));
    } catch (thrown) {
      if (!isApiError(thrown, 403)) throw thrown;
      found.push(warning("not looked at", thrown.message));
    }
  }
  return found;
}

async function checkVersion({ transport }: CheckContext): Promise<readonly Finding[]> {
  const name = "Kubernetes version";
  const { gitVersion, minor } = await serverVersion(transport);
  const number = Number.parseInt(minor, 10);
  if (number < oldestMinor) {
    return [failed(name, `${gitVersion} is too old: Waystone needs 1.${oldestMinor} or newer`)];
  }
  if (number < policyMinor) {
    return [
      warning(
        name,
        `${gitVersion} has no MutatingAdmissionPolicy (1.${policyMinor} has): whoever applies the manifest of a captured ` +
          "Service again changes its selector back for a moment, until the controller repairs it",
      ),
    ];
  }
  return [ok(name, gitVersion)];
}

/** What whoever runs `helm install` needs, and whoever enrols. */
const rights = [
  { verb: "create", group: "rbac.authorization.k8s.io", resource: "clusterroles", for: "helm install" },
  {
    verb: "create",
    group: "apiextensions.k8s.io",
    resource: "customresourcedefinitions",
    for: "helm install",
  },
  { verb: "patch", group: "", resource: "namespaces", for: "enrolling a namespace" },
  { verb: "patch", group: "", resource: "services", for: "waystone restore" },
  { verb: "release", group: waystoneGroup, resource: "services", for: "waystone restore" },
] as const;

async function checkRights({ transport }: CheckContext): Promise<readonly Finding[]> {
  const name = "your rights";
  const missing: string[] = [];
  for (const { for: purpose, ...access } of rights) {
    const { isAllowed } = await reviewOwnAccess(transport, access);
    if (isAllowed) continue;
    const resource = access.group === "" ? access.resource : `${access.resource}.${access.group}`;
    missing.push(`${access.verb} ${resource} (for ${purpose})`);
  }
  if (missing.length === 0) return [ok(name, "you may install, enrol and restore")];
  return [warning(name, `you may not ${missing.join(", ")}; others may have to do that`)];
}

async function checkGatewayApi({ transport }: CheckContext): Promise<readonly Finding[]> {
  const name = "Gateway API";
  const crd = await getObject(transport, kinds.crd, { name: "httproutes.gateway.networking.k8s.io" });
  if (crd === undefined) {
    return [
      failed(
        name,
        "its CustomResourceDefinitions are not installed: no waypoint can be declared; install version 1.2 or newer " +
          "(https://gateway-api.sigs.k8s.io/guides/), the controller picks it up by itself",
      ),
    ];
  }
  const version = crd.metadata.annotations?.["gateway.networking.k8s.io/bundle-version"] ?? "unknown";
  const channel = crd.metadata.annotations?.["gateway.networking.k8s.io/channel"] ?? "unknown";
  const [, major = "0", minor = "0"] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const text = `${version}, ${channel} channel`;
  if (major !== "1" || Number(minor) < 2)
    return [warning(name, `${text}: tested are 1.2 and newer; its objects may lack fields`)];
  return [ok(name, text)];
}

async function checkOwnKinds({ transport }: CheckContext): Promise<readonly Finding[]> {
  const name = "Waystone's kinds";
  const crd = await getObject(transport, kinds.crd, { name: `waypointparameters.${waystoneGroup}` });
  if (crd === undefined) {
    return [warning(name, "not installed: they come with helm install (see docs/installation.md)")];
  }
  return [ok(name, `waypointparameters.${waystoneGroup}`)];
}

async function checkPolicy({ transport }: CheckContext): Promise<readonly Finding[]> {
  const name = "admission policy";
  try {
    const policy = await getObject(transport, kinds.mutatingPolicy, { name: "keep-capture.waystone.dev" });
    if (policy !== undefined) return [ok(name, "keep-capture.waystone.dev keeps captured Services captured")];
    return [warning(name, "keep-capture.waystone.dev is not there: it comes with helm install")];
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown;
    return [warning(name, "this API server does not know MutatingAdmissionPolicy")];
  }
}

interface Deployed extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

interface Held extends KubeObject {
  readonly spec?: { readonly holderIdentity?: string };
}

async function checkController({ transport, systemNamespace }: CheckContext): Promise<readonly Finding[]> {
  const name = "controller";
  const id = { namespace: systemNamespace, name: controllerObject };
  const deployment = await getObject<Deployed>(transport, kinds.deployment, id);
  if (deployment === undefined) {
    return [warning(name, `not installed in namespace ${systemNamespace} (elsewhere: --system-namespace)`)];
  }
  const wanted = deployment.spec?.replicas ?? 1;
  const ready = deployment.status?.readyReplicas ?? 0;
  const lease = await getObject<Held>(transport, kinds.lease, id);
  const holder = lease?.spec?.holderIdentity ?? "";
  const pods = `${ready}/${wanted} replicas ready`;
  if (ready === 0) {
    return [
      failed(name, `${pods}; look at kubectl -n ${systemNamespace} logs deployment/${controllerObject}`),
    ];
  }
  if (holder === "") return [failed(name, `${pods}, but none leads: nothing is written or pushed`)];
  const leads = `${pods}, ${holder} leads`;
  return [ready < wanted ? warning(name, leads) : ok(name, leads)];
}

async function checkSourceAddresses({ transport }: CheckContext): Promise<readonly Finding[]> {
  const name = "source addresses";
  const condition = await findProbeCondition(transport);
  if (condition === undefined) {
    return [warning(name, "not known yet: the controller finds out once two of its replicas run")];
  }
  if (condition.status === "True") return [ok(name, condition.message)];
  return [condition.status === "False" ? failed(name, condition.message) : warning(name, condition.message)];
}

async function findProbeCondition(
  transport: Transport,
): Promise<{ readonly status: string; readonly message: string } | undefined> {
  try {
    const gatewayClass = await getObject<GatewayClass>(transport, kinds.gatewayClass, {
      name: waypointClassName,
    });
    if (gatewayClass?.spec.controllerName !== controllerName) return undefined;
    return gatewayClass.status?.conditions?.find(({ type }) => type === "waystone.dev/SourceAddressesKept");
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

/** Gateways of our classes whose waypoint is not up. */
async function checkWaypoints({ transport }: CheckContext): Promise<readonly Finding[]> {
  const gateways = await listDefined<Gateway>(transport, kinds.gateway);
  const classes = await listDefined<GatewayClass>(transport, kinds.gatewayClass);
  const ours = classes.filter(({ spec }) => spec.controllerName === controllerName);
  const names = new Set([waypointClassName, ...ours.map(({ metadata }) => metadata.name)]);
  return gateways
    .filter(({ spec }) => names.has(spec.gatewayClassName))
    .map(({ metadata, status }) => {
      const name = `waypoint ${metadata.namespace}/${metadata.name}`;
      const bad = status?.conditions?.find((condition) => condition.status !== "True");
      if (status?.conditions === undefined) return warning(name, "nothing is said of it yet");
      return bad === undefined ? ok(name, "programmed") : failed(name, `${bad.reason}: ${bad.message}`);
    });
}

interface Judged extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly { readonly reason: string; readonly message: string }[];
  };
}

/** What names a Secret that the controller may not read, with the command that lets it. */
async function checkSecretGrants({ transport }: CheckContext): Promise<readonly Finding[]> {
  const named = await Promise.all(
    [kinds.gateway, kinds.authenticationPolicy].map(async (kind) => {
      const objects = await listDefined<Judged>(transport, kind);
      return objects.flatMap(({ metadata, status }): Finding[] => {
        const refused = status?.conditions?.find(
          ({ reason, message }) => reason === "RefNotPermitted" && message.includes("waystone grant secrets"),
        );
        if (refused === undefined) return [];
        return [
          warning("Secrets", `${kind.kind} ${metadata.namespace}/${metadata.name}: ${refused.message}`),
        ];
      });
    }),
  );
  return named.flat();
}

/** Whoever mistyped the annotation waits for a waypoint in vain: nothing is written to what is not enrolled. */
export async function checkWishes({ transport }: CheckContext): Promise<readonly Finding[]> {
  const found = await Promise.all(
    [kinds.namespace, kinds.service].map(async (kind) => {
      const objects = await listObjects(transport, kind);
      return objects.flatMap(({ metadata: { namespace, name, annotations, labels } }) => {
        const object = `${kind.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
        return findMisspeltWishes({
          name,
          ...(annotations && { annotations }),
          ...(labels && { labels }),
        }).map((each) => warning("enrolment", `${object}: ${describeMisspelt(each)}`));
      });
    }),
  );
  return found.flat();
}

/** Empty where the kind is not installed. */
async function listDefined<T extends KubeObject>(
  transport: Transport,
  kind: KubeResource,
): Promise<readonly T[]> {
  try {
    return await listObjects<T>(transport, kind);
  } catch (thrown) {
    if (isNotFound(thrown)) return [];
    throw thrown;
  }
}
