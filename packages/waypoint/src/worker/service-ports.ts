/** The places that a delta of Services wants to listen on, by Service. What cannot be read is the workers' to refuse. */
import { typeUrls } from "@waystone/api/names";
import type { EncodedResource, ResourceDelta } from "@waystone/xds/resource";
import { type StoredService, serviceFromResource } from "../store/service-from-resource.ts";
import type { ProbedPort } from "./port-problem.ts";

export function servicePorts(delta: ResourceDelta): ReadonlyMap<string, readonly ProbedPort[]> {
  const ports = new Map<string, readonly ProbedPort[]>();
  if (delta.typeUrl !== typeUrls.service) return ports;
  for (const resource of delta.upserts) {
    const service = readService(resource);
    if (service !== undefined) ports.set(service.key, portsOf(service));
  }
  return ports;
}

function readService(resource: EncodedResource): StoredService | undefined {
  try {
    return serviceFromResource(resource);
  } catch {
    return undefined;
  }
}

function portsOf(service: StoredService): ProbedPort[] {
  return service.ports.flatMap(({ name, port, listen }) =>
    listen.map((place) => ({
      service: service.key,
      portName: name,
      port,
      address: place.address,
      listenPort: place.port,
      place: place.key,
    })),
  );
}
