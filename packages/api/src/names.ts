/** Names that more than one package must spell alike: groups, annotations, type URLs, controller names, ports. */

export const waystoneGroup = "waystone.dev";
export const gatewayGroup = "gateway.networking.k8s.io";

/** On a Namespace or Service, as an annotation or label: the Gateway that is its waypoint; "none" opts out. */
export const useWaypointKey = "waystone.dev/use-waypoint";
/** The namespace of that Gateway, where it is another one. */
export const useWaypointNamespaceKey = "waystone.dev/use-waypoint-namespace";

export const waypointClassName = "waystone-waypoint";
export const controllerName = "waystone.dev/controller";

const typeUrl = <Message extends string>(message: Message) =>
  `type.googleapis.com/waystone.v1.${message}` as const;

export const typeUrls = {
  service: typeUrl("Service"),
  endpointSlice: typeUrl("EndpointSlice"),
  workload: typeUrl("Workload"),
  route: typeUrl("Route"),
  policy: typeUrl("Policy"),
  listener: typeUrl("Listener"),
  secret: typeUrl("Secret"),
} as const;

export type TypeUrl = (typeof typeUrls)[keyof typeof typeUrls];

const knownTypeUrls: ReadonlySet<string> = new Set(Object.values(typeUrls));

export function isTypeUrl(text: string): text is TypeUrl {
  return knownTypeUrls.has(text);
}

export const rejectionsTypeUrl: string = typeUrl("Rejections");

/**
 * The types that a waypoint asks for in full, in the order in which a set of changes is sent when they are added or
 * changed (parents and endpoints before the routes that point to them); removals go the other way round. Workloads are
 * asked for by address, on demand.
 */
export const wildcardTypeUrls: readonly TypeUrl[] = [
  typeUrls.service,
  typeUrls.endpointSlice,
  typeUrls.route,
];

export const ports = {
  /** GET /healthz/ready, in a pod. */
  readiness: 15021,
  /** GET /metrics, in a pod. */
  metrics: 15020,
  /** Everything else of the admin server, on loopback alone. */
  admin: 15000,
} as const;
