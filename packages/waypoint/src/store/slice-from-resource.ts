/**
 * An EndpointSlice resource, checked. A slice says of which Service it is and, per port *name*, which port its addresses
 * have; the Service's port of that name makes it a Backend (backend-set.ts).
 */
import { EndpointSlice, type EndpointResource, type WorkloadLabelsResource } from "@waystone/api/resources";
import { parseIp } from "@waystone/base/ip";
import type { EncodedResource } from "@waystone/xds/resource";
import { decodeResource, RefusedError } from "./decode-resource.ts";
import { labelsFromResource } from "./workload-labels.ts";

export interface StoredSlice {
  /** "<namespace>/<slice>", the resource's name. */
  readonly key: string;
  readonly version: string;
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly endpoints: readonly StoredEndpoint[];
}

export interface StoredEndpoint {
  readonly address: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly labels: WorkloadLabelsResource | undefined;
}

/** Throws a RefusedError with all reasons. */
export function sliceFromResource(resource: EncodedResource): StoredSlice {
  const message = decodeResource(resource, EndpointSlice);
  const reasons: string[] = [];
  if (`${message.namespace}/${message.name}` !== resource.name) {
    reasons.push(`named ${resource.name}, but its content says ${message.namespace}/${message.name}`);
  }
  // A slice may only speak for a Service of its own namespace, as in Kubernetes: otherwise it could draw others' traffic.
  if (!message.service.startsWith(`${message.namespace}/`)) {
    reasons.push(`belongs to Service "${message.service}", which is not in its namespace`);
  }
  const ports = message.ports.map(({ name, port }) => ({ name: name ?? "", port: port ?? 0 }));
  for (const { name, port } of ports) {
    if (port < 1 || port > 65_535) reasons.push(`port ${name} ${port} is not in 1 to 65535`);
  }
  const endpoints = message.endpoints.map((endpoint) => endpointFromResource(endpoint, reasons));
  if (reasons.length > 0) throw new RefusedError(reasons.join("; "));
  return { key: resource.name, version: resource.version, service: message.service, ports, endpoints };
}

function endpointFromResource(message: EndpointResource, reasons: string[]): StoredEndpoint {
  const address = parseIp(message.address ?? "");
  if (address === undefined) reasons.push(`endpoint "${message.address}" is no IP address`);
  return {
    address: address ?? "",
    ready: message.ready ?? false,
    serving: message.serving ?? false,
    terminating: message.terminating ?? false,
    labels: labelsFromResource(message.workload),
  };
}
