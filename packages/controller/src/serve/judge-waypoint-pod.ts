/**
 * Which waypoint a pod is. Its token says which pod asks (the API server vouches for that); what the pod is follows from
 * objects: it has the label of a waypoint, runs under the account of that name, and there is such a Gateway. Who may make
 * pods under the Gateway's account in its namespace could exec into the waypoint as well: a namespace is the border.
 */
import type { Pod } from "@waystone/api/kubernetes/core";
import type { Gateway, GatewayClass } from "@waystone/api/kubernetes/gateway";
import { captureKeys } from "@waystone/api/names";
import { podAddresses } from "../model/pod-identity.ts";
import { isWaypoint } from "../model/waypoint-gateway.ts";

/** What a reviewed token says. */
export interface PodClaim {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly pod: { readonly name: string; readonly uid: string };
}

/** Where the objects are looked up. */
export interface WaypointWorld {
  /** By "<namespace>/<name>". */
  pod(key: string): Pod | undefined;
  gateway(key: string): Gateway | undefined;
  gatewayClass(name: string): GatewayClass | undefined;
}

export interface WaypointPod {
  /** "<namespace>/<gateway>". */
  readonly scope: string;
  /** "<namespace>/<gateway>/<pod>": unique per pod. */
  readonly nodeId: string;
}

export type PodVerdict =
  | { readonly waypoint: WaypointPod }
  /** `isEarly`: it may be true in a moment, when all watches have brought what is there already. */
  | { readonly problem: string; readonly isEarly: boolean };

/** `peer` is where the connection comes from, where that is to be checked. */
export function judgeWaypointPod(
  claim: PodClaim,
  world: WaypointWorld,
  peer: string | undefined,
): PodVerdict {
  const { namespace, serviceAccount } = claim;
  const { name, uid } = claim.pod;
  const shown = `pod ${namespace}/${name}`;
  const pod = world.pod(`${namespace}/${name}`);
  if (pod === undefined) return early(`${shown} is not there`);
  if (pod.metadata.uid !== uid) return early(`${shown} is another one than the token's`);
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return wrong(`${shown} has ended`);
  const gatewayName = pod.metadata.labels?.[captureKeys.waypoint];
  if (gatewayName === undefined || gatewayName === "")
    return wrong(`${shown} is no waypoint's: it lacks the label ${captureKeys.waypoint}`);
  if (serviceAccount !== gatewayName || pod.spec?.serviceAccountName !== gatewayName) {
    return wrong(
      `${shown} runs under account ${serviceAccount}, not under that of its waypoint, ${gatewayName}`,
    );
  }
  const scope = `${namespace}/${gatewayName}`;
  const gateway = world.gateway(scope);
  if (gateway === undefined) return early(`Gateway ${scope} is not there`);
  if (!isWaypoint(gateway, world.gatewayClass(gateway.spec.gatewayClassName))) {
    return wrong(`Gateway ${scope} is of class ${gateway.spec.gatewayClassName}, which is no waypoint's`);
  }
  if (peer !== undefined) {
    const addresses = podAddresses(pod);
    if (addresses.length === 0) return early(`${shown} has no address yet`);
    if (!addresses.includes(peer)) {
      return early(`${shown} is at ${addresses.join(", ")}, and its token came from ${peer}`);
    }
  }
  return { waypoint: { scope, nodeId: `${scope}/${name}` } };
}

const early = (problem: string): PodVerdict => ({ problem, isEarly: true });
const wrong = (problem: string): PodVerdict => ({ problem, isEarly: false });
