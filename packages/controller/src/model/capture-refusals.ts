/**
 * What is never captured, whoever asks for it: what a waypoint cannot stand in front of, and what it would break. Each says
 * what, why, and how to change it. The order is that in which people would want to know.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys, gatewayNameLabel, managedBy, waypointClassName } from "@waystone/api/names";
import type { FetchContext } from "@waystone/collection/collection";
import type { CaptureEvidence } from "./capture-evidence.ts";
import type { CapturedPorts } from "./captured-ports.ts";
import type { Refusal } from "./gateway-verdict.ts";
import { findGuardingPolicy } from "./guarding-policy.ts";
import { matchLabels } from "./label-selector.ts";
import { refuseTraffic, unsupported } from "./traffic-refusal.ts";
import type { ShadowModel } from "./shadow.ts";
import type { WaypointWish } from "./waypoint-wish.ts";

export interface CaptureCase {
  readonly context: FetchContext;
  readonly evidence: CaptureEvidence;
  /** "<namespace>/<name>" */
  readonly key: string;
  /** Its ports as the owner has them; its selector may be ours. */
  readonly service: Service;
  /** The owner's; undefined: it cannot be told. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly shadow: ShadowModel | undefined;
  readonly wish: WaypointWish;
  readonly ports: CapturedPorts;
}

/** Of the Service alone: no look at the waypoint that is asked for. */
export function refuseService({ service, selector, ports, evidence }: CaptureCase): Refusal | undefined {
  if (service.metadata.annotations?.[captureKeys.release] === "true") {
    const message = `given back because its annotation ${captureKeys.release} says so; remove it to have the Service captured`;
    return { reason: "ReleaseRequested", message };
  }
  const traffic = refuseTraffic(service);
  if (traffic !== undefined) return traffic;
  if (service.metadata.namespace === evidence.ownNamespace) {
    const message = `Services of ${evidence.ownNamespace}, Waystone's own namespace, are not captured: the waypoints hang on them`;
    return { reason: "ControllerNamespace", message };
  }
  if (selector !== undefined && Object.keys(selector).length === 0) {
    return unsupported(
      "a Service without a selector has endpoints that somebody else writes: they cannot be kept beside the waypoint; " +
        'give it a selector, or opt it out with waystone.dev/use-waypoint: "none"',
    );
  }
  if (ports.ports.length > 0) return undefined;
  if (ports.direct.length > 0) {
    const message = `all its TCP ports are kept direct by its annotation ${captureKeys.directPorts}: leave one out of it, or opt the Service out with waystone.dev/use-waypoint: "none"`;
    return { reason: "AllPortsDirect", message };
  }
  return unsupported("a Service without a TCP port has nothing that a waypoint could serve");
}

/** A waypoint's name is a label's value, a DNS label and the first part of its pods' names. */
const gatewayName = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

export function refuseGatewayName({ wish: { waypoint, by } }: CaptureCase): Refusal | undefined {
  const name = waypoint.slice(waypoint.indexOf("/") + 1);
  if (gatewayName.test(name)) return undefined;
  const shown = name.length > 80 ? `${name.slice(0, 80)}...` : name;
  const message =
    `Gateway ${shown}, which ${by} names, cannot be a waypoint: its name becomes a label of its pods and the name of its ` +
    'Service, so it is lower-case letters, digits and "-", the first a letter, at most 63 characters; name another one';
  return { reason: "AttachmentDenied", message };
}

/** What capture would break, whoever asks for it. */
export function refuseBackends(given: CaptureCase): Refusal | undefined {
  return refuseOwnWaypoint(given) ?? refuseGuarded(given);
}

function refuseOwnWaypoint({ context, evidence, service, selector, wish }: CaptureCase): Refusal | undefined {
  if (selector === undefined) return undefined;
  const namespace = service.metadata.namespace ?? "";
  const pods = context.get(evidence.waypointPods.labels, namespace)?.ofPods ?? [];
  const isPicked = pods.some((labels) => matchLabels(selector, labels));
  if (!isPicked && !matchLabels(selector, labelsToCome(wish.waypoint, namespace))) return undefined;
  const message =
    "its selector picks the pods of a waypoint: captured, it would send requests round in circles; " +
    "let it select something that only its own pods have";
  return { reason: "SelectsWaypoint", message };
}

/** The labels of waypoint pods that are not there yet. */
function labelsToCome(waypoint: string, namespace: string): Readonly<Record<string, string>> {
  const [itsNamespace, gateway = ""] = waypoint.split("/");
  if (itsNamespace !== namespace) return {};
  return {
    [captureKeys.waypoint]: gateway,
    [gatewayNameLabel]: gateway,
    "app.kubernetes.io/managed-by": managedBy,
    "app.kubernetes.io/name": waypointClassName,
    "app.kubernetes.io/instance": gateway,
  };
}

function refuseGuarded({
  context,
  evidence,
  key,
  service,
  selector,
  shadow,
}: CaptureCase): Refusal | undefined {
  if (selector === undefined) return undefined;
  const namespace = service.metadata.namespace ?? "";
  const policy = findGuardingPolicy(context, evidence.policies, { key, selector, shadow });
  if (policy === undefined) return undefined;
  const message =
    `NetworkPolicy ${namespace}/${policy} decides who may reach its pods, and would see the waypoint in place of the clients; ` +
    "not captured until Waystone applies such rules in the waypoint; without that policy it is captured at once";
  return { reason: "HeldByNetworkPolicy", message };
}
