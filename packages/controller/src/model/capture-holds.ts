/**
 * What a Namespace's annotation does not capture, because it would surprise somebody: only the annotation of the Service
 * itself does. Each says why, and that.
 */
import { captureKeys, useWaypointKey } from "@waystone/api/names";
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import type { OwnerReference } from "@waystone/api/kubernetes/meta";
import type { CaptureCase } from "./capture-refusals.ts";
import type { Refusal } from "./gateway-verdict.ts";
import { portProtocol } from "./port-protocol.ts";
import { attachedRoute, ownParents, type RouteAttachment } from "./route-attachment.ts";
import { findScrapedPorts } from "./scraped-port.ts";
import { carries, isHttp } from "./service-port.ts";

type Hold = (given: CaptureCase) => Refusal | undefined;

/** In the order in which they are asked. */
const holds: readonly Hold[] = [
  holdSystem,
  holdApiServerBackend,
  holdRollout,
  holdGoverning,
  holdOperated,
  holdNodeLocal,
  holdAffine,
  holdWithoutRoutes,
  holdScraped,
];

/** undefined: captured. */
export function holdService(given: CaptureCase): Refusal | undefined {
  for (const hold of holds) {
    const refusal = hold(given);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function held({ wish }: CaptureCase, reason: string, why: string, way = ""): Refusal {
  const name = wish.waypoint.slice(wish.waypoint.indexOf("/") + 1);
  const message = `not captured by ${wish.by}: ${why}; ${way}to capture it all the same, set ${useWaypointKey}: ${name} on the Service itself`;
  return { reason, message };
}

function holdSystem(given: CaptureCase): Refusal | undefined {
  if (given.service.metadata.namespace !== "kube-system") return undefined;
  return held(given, "SystemNamespace", "the cluster itself lives on the Services of kube-system");
}

function holdApiServerBackend(given: CaptureCase): Refusal | undefined {
  const callers = given.context.lookup(given.evidence.apiServerBackends, given.key).map(({ key }) => key);
  const [caller] = callers.toSorted();
  if (caller === undefined) return undefined;
  const why = `the API server calls it for ${caller.replace("/", " ")}, and would wait for a waypoint that waits for the API server`;
  return held(given, "CalledByApiServer", why);
}

function holdRollout(given: CaptureCase): Refusal | undefined {
  const rollout = given.service.metadata.annotations?.["argo-rollouts.argoproj.io/managed-by-rollouts"];
  if (rollout === undefined) return undefined;
  return held(
    given,
    "ManagedByRollouts",
    `Argo Rollouts writes and reads back its selector (rollout ${rollout})`,
  );
}

function holdGoverning(given: CaptureCase): Refusal | undefined {
  const sets = given.context.lookup(given.evidence.statefulSets, given.key);
  const [name] = sets.map(({ object }) => object.metadata.name).toSorted();
  if (name !== undefined) {
    return held(given, "GoverningService", `it gives the pods of StatefulSet ${name} their DNS names`);
  }
  const pods = given.context.lookup(given.evidence.namedPods, given.key);
  if (pods.length === 0) return undefined;
  return held(given, "GoverningService", "pods have their DNS names from it (their subdomain)");
}

function holdOperated(given: CaptureCase): Refusal | undefined {
  const owner = given.service.metadata.ownerReferences?.find((each) => isOperator(each));
  if (owner === undefined) return undefined;
  const why = `${owner.kind} ${owner.name} (${owner.apiVersion}) owns it, whose controller may write its selector or endpoints`;
  return held(given, "OwnedByOperator", why);
}

/** Kubernetes' own controllers leave selectors alone. */
function isOperator({ controller, apiVersion }: OwnerReference): boolean {
  return controller === true && apiVersion !== "v1" && apiVersion !== "apps/v1";
}

function holdNodeLocal(given: CaptureCase): Refusal | undefined {
  const why = nodeLocalReason(given.service);
  return why === undefined ? undefined : held(given, "NodeLocalTraffic", why);
}

function nodeLocalReason({ spec }: Service): string | undefined {
  if (spec?.internalTrafficPolicy === "Local")
    return "internalTrafficPolicy Local keeps clients on their own node, where there need not be a waypoint";
  if (spec?.externalTrafficPolicy !== "Local") return undefined;
  return "externalTrafficPolicy Local keeps traffic from outside on the node where it arrives, where there need not be a waypoint";
}

/** What its owner should know who asks for it on the Service itself, and gets it: traffic may be lost. */
export function warnOfHold({ service, wish }: CaptureCase): string | undefined {
  const why = nodeLocalReason(service);
  if (why === undefined) return undefined;
  return `captured because ${wish.by} asks for it, although ${why}: from nodes without one nothing is answered`;
}

/** kube-proxy would keep a client at one waypoint, which spreads its requests over all endpoints. */
function holdAffine(given: CaptureCase): Refusal | undefined {
  if (given.service.spec?.sessionAffinity !== "ClientIP") return undefined;
  const why = "sessionAffinity ClientIP keeps each client at one pod, and a waypoint does not";
  return held(given, "SessionAffinity", why);
}

/**
 * Who declares HTTP on a port, or attaches a route to it, wants requests or connections to be routed there. The other ports
 * come with it: which stay with the pods is for waystone.dev/direct-ports to say.
 */
function holdWithoutRoutes(given: CaptureCase): Refusal | undefined {
  const { service, ports, context, evidence, key } = given;
  const attachments = context.lookup(evidence.attachments, key);
  const captured = (service.spec?.ports ?? []).filter(({ port }) => ports.ports.includes(port));
  if (captured.some((port) => isRouted(service, attachments, port))) return undefined;
  const seen = captured
    .map(({ name, port }) => (name === undefined ? `${port}` : `${name} ${port}`))
    .join(", ");
  const why = `none of its ports (${seen}) is known to speak HTTP or gRPC, and no route that could apply is attached to it`;
  return held(given, "NoHttpPort", why, "set appProtocol: http on the port that does; ");
}

function isRouted(service: Service, attachments: readonly RouteAttachment[], port: ServicePort): boolean {
  const speaks = portProtocol(port, attachedRoute(service, attachments, port));
  return isHttp(speaks) || ownParents(service, attachments, port).some(({ kind }) => carries(speaks, kind));
}

function holdScraped(given: CaptureCase): Refusal | undefined {
  const { service, ports, context, evidence } = given;
  const monitors = context.list(evidence.serviceMonitors).map(({ object }) => object);
  const scraped = findScrapedPorts(service, monitors).find(({ port }) => ports.ports.includes(port));
  if (scraped === undefined) return undefined;
  const why =
    `Prometheus scrapes each of its pods through port ${scraped.port} (ServiceMonitor ${scraped.monitor}), ` +
    "and would get the waypoint in their place";
  const way =
    `scrape the pods with a PodMonitor, or keep that port direct with ${captureKeys.directPorts}: ` +
    `${directWith(given, scraped.port)} on the Service, and let Prometheus discover EndpointSlices; `;
  return held(given, "ScrapedThroughService", why, way);
}

/** What the annotation has to say then. */
function directWith({ service, ports }: CaptureCase, port: number): string {
  const given = service.spec?.ports ?? [];
  return [...ports.direct, port]
    .map((number) => given.find((each) => each.port === number)?.name ?? String(number))
    .join(",");
}
