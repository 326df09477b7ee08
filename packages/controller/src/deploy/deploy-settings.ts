/**
 * What the deployer is told about its surroundings, and the figures that every waypoint has unless WaypointParameters say
 * otherwise, each with its reason.
 */
export interface DeploySettings {
  /** The image of the waypoints: the controller's own, so that both are of one version. */
  readonly image: string;
  readonly pullPolicy: "Always" | "IfNotPresent" | "Never";
  /** The push API as waypoints dial it: "waystone-push.waystone-system.svc:15010". */
  readonly controllerAddress: string;
  /** The controller's. Its annotation makes no waypoint there: nothing in it is captured. */
  readonly ownNamespace: string;
  /** "cluster.local" */
  readonly clusterDomain: string;
}

/** Of the image (scripts/image). */
export const waypointUser = 1337;

export const defaultReplicas = 2;

/** Of a CPU's request, which is small on purpose: 70 % of 100m is where one more pod costs less than a queue. */
export const defaultCpuPercent = 70;

/**
 * Threads, where neither `workers` nor a CPU limit says: two use more than one CPU when there is much to do, and keep
 * serving while one of them is replaced. Without a figure a pod without CPU limit would have one per CPU of its node.
 */
export const defaultWorkers = 2;

/**
 * No CPU limit: the scheduler's quota would stop a waypoint for parts of 100 ms, which is latency for everybody behind it.
 * The memory limit is what two workers' heaps are sized from.
 */
export const defaultResources = {
  cpu: { request: "100m" },
  memory: { request: "128Mi", limit: "512Mi" },
} as const;

/** For the last good configuration, twice over while it is written: a resource is at most 1.5 MiB, most are below 1 KiB. */
export const stateSizeLimit = "128Mi";

/** Kubelet writes a new token into the file at 80 % of this. */
export const tokenSeconds = 3_600;

export const defaultGraceSeconds = 60;

/**
 * How a pod ends within its grace period: first it only says that it goes (kube-proxy on every node takes a second or two
 * to hear it, and sends new connections until then), then what is under way may finish, then a rest to leave in order.
 */
export function drainSeconds(graceSeconds: number): { readonly delay: number; readonly timeout: number } {
  const delay = Math.min(10, Math.floor(graceSeconds / 3));
  const rest = Math.min(5, Math.floor(graceSeconds / 6));
  return { delay, timeout: Math.max(1, graceSeconds - delay - rest) };
}
