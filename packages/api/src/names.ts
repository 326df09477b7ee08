/** Names that more than one package must spell alike: groups, annotations, type URLs, controller names, ports. */

export const waystoneGroup = "waystone.dev";
/** The kind of a Policy resource that stands for objects which cannot be read: what it is about answers nothing. */
export const unreadKind = "Unread";
export const gatewayGroup = "gateway.networking.k8s.io";
/** Of kinds that are still experiments. */
export const experimentalGatewayGroup = "gateway.networking.x-k8s.io";

/** On a Namespace or Service, as an annotation or label: the Gateway that is its waypoint; "none" opts out. */
export const useWaypointKey = "waystone.dev/use-waypoint";
/** The namespace of that Gateway, where it is another one. */
export const useWaypointNamespaceKey = "waystone.dev/use-waypoint-namespace";

/**
 * What capture writes, and where (design/0002-on-kubernetes.md has the table). The front is the user's Service, the shadow
 * is ours and keeps the endpoints.
 */
export const captureKeys = {
  /** On the front, "ns/gateway": from the swap to the restore. The marker of the admission policy. */
  capturedBy: "waystone.dev/captured-by",
  /** On the front: selector and targetPorts as they were, JSON. */
  original: "waystone.dev/original",
  /** On the front, "true": the owner wants it back. */
  release: "waystone.dev/release",
  /** On the front, by the admission policy: "k=v,k2=v2" that the owner asked for. */
  wantedSelector: "waystone.dev/wanted-selector",
  /** On the front, by the admission policy: "80/TCP=http,81/TCP=8081". */
  wantedTargetPorts: "waystone.dev/wanted-target-ports",
  /** On the front, by its owner: names or numbers of ports that stay direct, comma-separated. */
  directPorts: "waystone.dev/direct-ports",
  /** A label of the shadow: the front's name. */
  shadowOf: "waystone.dev/shadow-of",
  /** On the shadow: "ns/gateway" that has it. A label of waypoint pods, and the front's selector: "<gateway>". */
  waypoint: "waystone.dev/waypoint",
  /** On the shadow, "ns/gateway": while it changes waypoints. */
  movingTo: "waystone.dev/moving-to",
  /** On the shadow, {"80":10001}: Service port to waypoint port, JSON. */
  waypointPorts: "waystone.dev/waypoint-ports",
} as const;

/** The front's selector value where our own EndpointSlices point it: no Gateway of ours has a dot in its name. */
export const bySlicesSelector = "none.by-slices";
/** In `endpointslice.kubernetes.io/managed-by` of our slices. */
export const sliceOwner = "waystone.dev";
/** On a Gateway whose waypoint still has Services. */
export const inUseFinalizer = "waystone.dev/in-use";
/** `app.kubernetes.io/managed-by` of everything that the controller makes. */
export const managedBy = "waystone";
/** GEP-1762. */
export const gatewayNameLabel = "gateway.networking.k8s.io/gateway-name";

/** Field managers: of what is ours, and of statuses. */
export const fieldManagers = { controller: "waystone-controller", status: "waystone-status" } as const;

/** The audience of the tokens by which waypoints say who they are. */
export const tokenAudience = "waystone.dev";
/** Where the chart is installed, unless somebody says otherwise. */
export const defaultSystemNamespace = "waystone-system";
/** The controller's Deployment, ServiceAccount and Lease. */
export const controllerObject = "waystone-controller";
/** The Service through which controllers ask each other whom they see. */
export const probeService = "waystone-probe";
/** The headless Service that waypoints dial. */
export const pushService = "waystone-push";
/** The Secret with the CA's keys in the controller's namespace, and the ConfigMap with its certificates beside each waypoint. */
export const caObject = "waystone-ca";

/** Waypoint ports: below the range that Linux takes for outgoing connections. */
export const waypointPortRange = { first: 10_000, last: 29_999 } as const;
/** Discard (RFC 863): what a port of a captured Service points at until it has its own. Nobody listens there. */
export const reservedPort = 9;

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
 * changed (what protects before what it protects; parents and endpoints before the routes that point to them); removals go
 * the other way round. Workloads are asked for by address, on demand.
 */
export const wildcardTypeUrls: readonly TypeUrl[] = [
  typeUrls.secret,
  typeUrls.policy,
  typeUrls.service,
  typeUrls.endpointSlice,
  typeUrls.route,
];

/** Those that may be kept on disk. */
export const savedTypeUrls: readonly TypeUrl[] = wildcardTypeUrls.filter((type) => type !== typeUrls.secret);

export const ports = {
  /** GET /healthz/ready, in a pod. */
  readiness: 15021,
  /** GET /metrics, in a pod. */
  metrics: 15020,
  /** Everything else of the admin server, on loopback alone. */
  admin: 15000,
  /** The controller's push API. */
  push: 15010,
  /** The controller's answer to "whom do you see?": whether this cluster keeps source addresses. */
  sourceProbe: 15016,
} as const;
