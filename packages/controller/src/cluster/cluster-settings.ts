/** What the controller's container is told by its environment (the chart fills it in), with what holds outside a pod. */
import { controllerObject, ports, probeService } from "@waystone/api/names";

export interface ClusterSettings {
  readonly podName: string;
  /** The pod's, of both families. */
  readonly podAddresses: readonly string[];
  /** Of the release: where the controller, its Lease and its Secret are. */
  readonly ownNamespace: string;
  /** The controller's own; exempt from the admission policy. */
  readonly serviceAccount: string;
  /** The controller's own image, so that both are of one version. */
  readonly waypointImage: string;
  readonly waypointImagePullPolicy: "Always" | "IfNotPresent" | "Never";
  readonly clusterDomain: string;
  /** Where the push channel listens. */
  readonly pushAddress: string;
  /** The Service of the controllers' source probe, as it is dialled. */
  readonly probeHost: string;
}

export interface SettingsSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the transport. */
  readonly namespace: string;
  readonly hostname: string;
  readonly addresses: readonly string[];
  readonly version: string;
  /** Every address unless given. */
  readonly pushAddress?: string | undefined;
  /** The Service's name unless given. */
  readonly probeHost?: string | undefined;
}

const pullPolicies: readonly ClusterSettings["waypointImagePullPolicy"][] = [
  "Always",
  "IfNotPresent",
  "Never",
];

/** Throws an Error with one line for the person who wrote the environment. */
export function readClusterSettings(surroundings: SettingsSurroundings): ClusterSettings {
  const { environment, namespace, hostname, version } = surroundings;
  const read = (name: string, otherwise: string): string => {
    const value = environment[name] ?? "";
    return value === "" ? otherwise : value;
  };
  const policy = read("WAYSTONE_WAYPOINT_IMAGE_PULL_POLICY", "IfNotPresent");
  const waypointImagePullPolicy = pullPolicies.find((known) => known === policy);
  if (waypointImagePullPolicy === undefined) {
    throw new Error(
      `WAYSTONE_WAYPOINT_IMAGE_PULL_POLICY is ${JSON.stringify(policy)}; it must be one of ${pullPolicies.join(", ")}`,
    );
  }
  const ownNamespace = read("POD_NAMESPACE", namespace);
  return {
    podName: read("POD_NAME", hostname),
    podAddresses: surroundings.addresses,
    ownNamespace,
    serviceAccount: read("WAYSTONE_SERVICE_ACCOUNT", controllerObject),
    waypointImage: read("WAYSTONE_WAYPOINT_IMAGE", `waystone:${version}`),
    waypointImagePullPolicy,
    clusterDomain: read("WAYSTONE_CLUSTER_DOMAIN", "cluster.local"),
    pushAddress: surroundings.pushAddress ?? `:${ports.push}`,
    probeHost: surroundings.probeHost ?? `${probeService}.${ownNamespace}.svc`,
  };
}
