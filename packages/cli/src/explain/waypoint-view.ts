/**
 * What one waypoint of a world runs: the store of its workers, filled with what it would be pushed. Ports that nobody listens
 * on there (manifests for a cluster have no local addresses) get a place of their own, so that they can be asked about.
 */
import { typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { Service } from "@waystone/api/resources";
import type { AskedWaypoint } from "@waystone/engine/explain/asked-port";
import { systemClock } from "@waystone/base/clock";
import { askedWaypoint } from "@waystone/waypoint/explain/asked-waypoint";
import { ShownJudge } from "@waystone/waypoint/explain/judge-shown";
import type { ServedPort } from "@waystone/waypoint/store/snapshot";
import { createStore, type Store } from "@waystone/waypoint/store/store";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import { unreadCredentials } from "./unread-credentials.ts";
import type { World } from "./world.ts";

export interface WaypointView {
  readonly store: Store;
  readonly waypoint: AskedWaypoint;
  /** What clients show: known when nothing of it is open any more. */
  readonly shown: ShownJudge;
  /** "<namespace>/<name>:<port>" */
  readonly portOf: (key: string) => ServedPort | undefined;
  /** What the waypoint would refuse, one line each. */
  readonly refused: readonly string[];
}

/** `waypoint`: "<namespace>/<gateway>". */
export function openWaypointView(world: World, waypoint: string): WaypointView {
  const { catalog, model } = world;
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
  const shown = new ShownJudge({ clock: systemClock, store, unread: unreadCredentials(world) });
  return {
    store,
    waypoint: askedWaypoint(store, shown.judge),
    shown,
    portOf: (key) => ports.get(key),
    refused: rejected.flat().map(({ name, reason }) => `${name}: the waypoint refuses it: ${reason}`),
  };
}
