/**
 * What one waypoint of a world runs: the store of its workers, filled with what it would be pushed. Ports that nobody listens
 * on there (manifests for a cluster have no local addresses) get a place of their own, so that they can be asked about.
 */
import { typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { Service } from "@waystone/api/resources";
import type { AskedWaypoint } from "@waystone/engine/explain/asked-port";
import { askedWaypoint } from "@waystone/waypoint/explain/asked-waypoint";
import type { ServedPort } from "@waystone/waypoint/store/snapshot";
import { createStore, type Store } from "@waystone/waypoint/store/store";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import type { World } from "./world.ts";

export interface WaypointView {
  readonly store: Store;
  readonly waypoint: AskedWaypoint;
  /** "<namespace>/<name>:<port>" */
  readonly portOf: (key: string) => ServedPort | undefined;
  /** What the waypoint would refuse, one line each. */
  readonly refused: readonly string[];
}

/** `waypoint`: "<namespace>/<gateway>". */
export function openWaypointView({ catalog, model }: World, waypoint: string): WaypointView {
  const store = createStore({ ownWaypoint: waypoint });
  let place = 0;
  const placed = (resource: EncodedResource): EncodedResource => {
    const isServed = model.services.get(resource.name)?.waypoints.includes(waypoint) === true;
    if (!isServed) return resource;
    const message = Service.decode(resource.body);
    for (const port of message.ports) {
      if (port.listen?.length === 0) port.listen.push({ address: "::", port: ++place });
    }
    return encodeResource(resource.typeUrl, resource.name, Service.encode(message).finish());
  };
  const { rejected } = store.apply(
    wildcardTypeUrls.map((typeUrl) => {
      const resources = [...catalog.list(typeUrl, waypoint)];
      return {
        typeUrl,
        upserts: typeUrl === typeUrls.service ? resources.map(placed) : resources,
        removals: [],
      };
    }),
  );
  const ports = new Map([...store.current().listeners.values()].map((port) => [port.key, port]));
  return {
    store,
    waypoint: askedWaypoint(store),
    portOf: (key) => ports.get(key),
    refused: rejected.flat().map(({ name, reason }) => `${name}: the waypoint refuses it: ${reason}`),
  };
}
