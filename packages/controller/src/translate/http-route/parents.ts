/**
 * parentRefs -> the Service ports that the route is attached to, and what we say of each. Only what is ours to judge gets a
 * status: Services with a waypoint of ours, our Gateways, and names that nobody has. A Service may be in another namespace:
 * the route is then a consumer route, for clients of its own namespace (GEP-1294).
 */
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup } from "@waystone/api/names";
import type { FetchContext } from "@waystone/collection/collection";
import type { Model } from "../../model/model.ts";
import { isServiceReference } from "../../model/route-attachment.ts";
import type { ServiceModel } from "../../model/service.ts";
import { isHttp, type PortModel } from "../../model/service-port.ts";
import type { Sources } from "../../model/sources.ts";
import { isWaypoint } from "../../model/waypoint-gateway.ts";
import { listPorts, missingService } from "./backend-reference.ts";

export type ParentVerdict =
  | { readonly type: "attached"; readonly waypoint: string; readonly service: string; readonly port: number }
  | { readonly type: "refused"; readonly reason: string; readonly message: string }
  /** Not ours: no status, but a word for people. */
  | { readonly type: "foreign"; readonly note: string };

export interface ParentContext {
  readonly fetch: FetchContext;
  readonly sources: Sources;
  readonly model: Pick<Model, "services">;
  readonly namespace: string;
}

export function judgeParent(context: ParentContext, ref: ParentReference): ParentVerdict {
  const namespace = ref.namespace ?? context.namespace;
  if (isServiceReference(ref)) return judgeService(context, ref, `${namespace}/${ref.name}`);
  const group = ref.group ?? gatewayGroup;
  const kind = ref.kind ?? "Gateway";
  if (group === gatewayGroup && kind === "Gateway") return judgeGateway(context, `${namespace}/${ref.name}`);
  return {
    type: "foreign",
    note: `the parent ${kind} ${namespace}/${ref.name} (group ${JSON.stringify(group)}) is not served`,
  };
}

function judgeGateway({ fetch, sources }: ParentContext, key: string): ParentVerdict {
  const hint = 'attach the route to a Service instead (parentRefs: group: "", kind: Service)';
  const gateway = fetch.get(sources.gateways, key)?.object;
  if (gateway === undefined) {
    // In a cluster it may be made yet, and be any controller's: until then nobody speaks for it. Files have no other.
    if (sources.cluster !== undefined) {
      return { type: "foreign", note: `the parent Gateway ${key} does not exist; ${hint}` };
    }
    return { type: "refused", reason: "NoMatchingParent", message: `Gateway ${key} does not exist; ${hint}` };
  }
  if (!isWaypoint(gateway, fetch.get(sources.gatewayClasses, gateway.spec.gatewayClassName)?.object)) {
    return {
      type: "foreign",
      note: `the parent Gateway ${key} is of class ${gateway.spec.gatewayClassName}, not ours`,
    };
  }
  return {
    type: "refused",
    reason: "UnsupportedValue",
    message: `routes on Gateways are not served yet; ${hint}`,
  };
}

function judgeService(context: ParentContext, ref: ParentReference, key: string): ParentVerdict {
  const service = context.fetch.get(context.model.services, key);
  if (service === undefined) {
    return {
      type: "refused",
      reason: "NoMatchingParent",
      message: missingService({ fetch: context.fetch, services: context.model.services }, key),
    };
  }
  const waypoint = service.waypoint ?? service.awaitedWaypoint;
  if (waypoint === undefined) {
    if (service.refusal === undefined) {
      const how = "annotate it or its Namespace with waystone.dev/use-waypoint";
      return {
        type: "foreign",
        note: `Service ${key} has no waypoint, so this route does not apply to it; ${how}`,
      };
    }
    const message = `Service ${key} has no waypoint: ${service.refusal}`;
    return { type: "refused", reason: "NoMatchingParent", message };
  }
  if (ref.port === undefined && (ref.sectionName ?? "") === "")
    return judgePorts(service, waypoint, 0, service.ports);
  const port = service.ports.find((candidate) => meansPort(ref, candidate));
  if (port !== undefined) return judgePorts(service, waypoint, port.port, [port]);
  return { type: "refused", ...missingPort(service, ref) };
}

/** Where both are given, both must hold. */
function meansPort(ref: ParentReference, port: { readonly name: string; readonly port: number }): boolean {
  if (ref.port !== undefined && ref.port !== port.port) return false;
  return (ref.sectionName ?? "") === "" || ref.sectionName === port.name;
}

function missingPort(service: ServiceModel, ref: ParentReference): { reason: string; message: string } {
  const other = service.otherPorts.find((candidate) => meansPort(ref, candidate));
  if (other !== undefined) {
    const message = `port ${other.port} of Service ${service.key} is ${other.transport}, which carries no HTTP`;
    return { reason: "UnsupportedValue", message };
  }
  const asked = [
    ...(ref.port === undefined ? [] : [`${ref.port}`]),
    ...((ref.sectionName ?? "") === "" ? [] : [`named ${ref.sectionName}`]),
  ].join(" ");
  const message = `Service ${service.key} has no port ${asked}; it has ${listPorts(service)}`;
  return { reason: "NoMatchingParent", message };
}

/** `ports`: those that the reference means, all of them where `port` is 0. One that speaks HTTP is enough. */
function judgePorts(
  service: ServiceModel,
  waypoint: string,
  port: number,
  ports: readonly PortModel[],
): ParentVerdict {
  if (ports.some(isHttp)) return { type: "attached", waypoint, service: service.key, port };
  const seen = ports.map((candidate) => `${candidate.port} (${candidate.protocolReason})`).join(", ");
  const message =
    ports.length === 0
      ? `Service ${service.key} has no TCP ports`
      : `no port that the route means speaks HTTP: ${seen}; set appProtocol: http on the Service's port if it does`;
  return { type: "refused", reason: "UnsupportedValue", message };
}
