/** Service -> Service resource, as its waypoint or somebody else's needs it, and its WaypointBound condition. */
import type { Namespace, Service as ServiceObject } from "@waystone/api/kubernetes/core";
import { typeUrls } from "@waystone/api/names";
import { Service } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import type { Finding } from "../model/finding.ts";
import { describeMisspelt, findMisspeltWishes } from "../model/misspelt-wish.ts";
import type { ServiceModel } from "../model/service.ts";
import { describeProblem, type SourcedObject } from "../model/sources.ts";
import type { UnreadObject } from "../model/unread-object.ts";
import { emptyStatus, type ObjectStatus, referencesTo, type Translation } from "./object-status.ts";

export function translateService(
  service: ServiceModel,
  source: SourcedObject<ServiceObject>,
  namespace: Namespace | undefined,
  unread: readonly UnreadObject[],
): Translation {
  const resource = serviceToResource(service);
  const status = serviceStatus(service, source, resource);
  const findings = [
    ...status.findings,
    ...unread.map(unreadFinding),
    ...misspeltFindings(source.object, namespace),
  ];
  return { key: `Service/${service.key}`, resource, status: { ...status, findings } };
}

/** What comes of a mistake that is told as an error where it was made. */
function unreadFinding({ problem }: UnreadObject): Finding {
  const { file, line, column, kind, namespace, name } = problem;
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const what = describeProblem({ kind, namespace, name, message: "" });
  const message = `answers everything with 500 until ${what === "" ? place : `${what} (${place})`} can be read`;
  return { severity: "warning", field: "", message };
}

/** A wish that nobody reads: of the Service, or of the Namespace that it would have been enrolled with. */
function misspeltFindings({ metadata }: ServiceObject, namespace: Namespace | undefined): Finding[] {
  const severity = "warning";
  return [
    ...findMisspeltWishes(metadata).map((found): Finding => {
      const field = `metadata.${found.place}["${found.written}"]`;
      return { severity, field, message: describeMisspelt(found) };
    }),
    ...(namespace === undefined ? [] : findMisspeltWishes(namespace.metadata)).map((found): Finding => {
      const message = `Namespace ${namespace?.metadata.name}: ${describeMisspelt(found)}`;
      return { severity, field: "", message };
    }),
  ];
}

/** An ExternalName has no endpoints, so nobody can use it: undefined. */
function serviceToResource(service: ServiceModel): EncodedResource | undefined {
  if (service.isExternalName) return undefined;
  const body = Service.encode({
    namespace: service.namespace,
    name: service.name,
    generation: service.generation,
    waypoint: service.waypoint ?? "",
    releasing: service.isReleasing,
    ports: service.ports.map((port) => ({
      name: port.name,
      port: port.port,
      protocol: port.protocol,
      protocolReason: port.protocolReason,
      listen: port.listen.map(({ address, port: number }) => ({ address, port: number })),
    })),
  }).finish();
  return encodeResource(typeUrls.service, service.key, body);
}

/**
 * For waypoints that only send requests to the Service: where another one listens for it is none of their business, and
 * a place that they must not take. Whose Service it is they have to know: policies about that waypoint hold for it.
 */
export function backendToResource(service: ServiceModel): EncodedResource | undefined {
  const ports = service.ports.map((port) => ({ ...port, listen: [] }));
  return serviceToResource({ ...service, ports, isReleasing: false });
}

function serviceStatus(
  service: ServiceModel,
  source: SourcedObject<ServiceObject>,
  resource: EncodedResource | undefined,
): ObjectStatus {
  return {
    ...emptyStatus(source.object, source.problem),
    conditions: service.condition === undefined ? [] : [service.condition],
    resources: service.waypoint === undefined ? [] : referencesTo(resource),
    waypoint: service.waypoint,
    findings: [...refusalFindings(service), ...service.findings],
  };
}

/** Traffic that no waypoint can serve is nobody's mistake: the namespace was enrolled, not this Service. */
function refusalFindings({ condition }: ServiceModel): Finding[] {
  if (condition?.status !== "False") return [];
  const severity = condition.reason === "UnsupportedTrafficType" ? "warning" : "error";
  return [{ severity, field: "", message: condition.message }];
}
