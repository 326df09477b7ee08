/** A push server over a catalog that a test edits, and waypoints of it. */
import { ManualClock } from "@waystone/testkit/manual-clock";
import { type Edit, MapCatalog } from "./map-catalog.ts";
import { RawWaypoint } from "./raw-waypoint.ts";
import { RecordingObserver } from "./recording-observer.ts";
import { createDeltaServer, type DeltaServerOptions } from "../server/delta-server.ts";

export function openServerRig(options: Partial<DeltaServerOptions> = {}) {
  const clock = new ManualClock();
  const catalog = new MapCatalog();
  const observer = new RecordingObserver();
  const server = createDeltaServer({ catalog, observer, clock, ...options });
  const put = (...edits: [Edit["typeUrl"], string, string?][]): void =>
    catalog.edit(edits.map(([typeUrl, name, content = "1"]) => ({ typeUrl, name, content })));
  const drop = (...edits: [Edit["typeUrl"], string][]): void =>
    catalog.edit(edits.map(([typeUrl, name]) => ({ typeUrl, name, content: undefined })));
  /** A waypoint that has taken its first snapshot. */
  const settled = (id?: string): RawWaypoint => {
    const waypoint = new RawWaypoint(server, id).subscribeAll();
    waypoint.settle();
    observer.take();
    clock.advance(10);
    return waypoint;
  };
  return { clock, catalog, observer, server, put, drop, settled };
}
