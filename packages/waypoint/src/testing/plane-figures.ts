/** What a data plane holds and counts, for tests: by its own figures, not by what the test thinks that it did. */
import { Http2Pool } from "../http/h2/http2-pool.ts";
import type { Endpoint } from "../store/snapshot.ts";
import { Pool } from "../upstream/pool.ts";
import type { TestPlane } from "./open-test-plane.ts";

export function endpointsOf(plane: TestPlane): readonly Endpoint[] {
  const found = new Set<Endpoint>();
  for (const { endpoints } of plane.store.current().backends.values())
    for (const one of endpoints) found.add(one);
  return [...found];
}

/** Connections to all endpoints, by the pools' own count. */
export function pooledConnections(plane: TestPlane): number {
  let sum = 0;
  for (const { pool } of endpointsOf(plane))
    if (pool instanceof Pool || pool instanceof Http2Pool) sum += pool.size;
  return sum;
}

export function gaugeOf(plane: TestPlane, name: string): number {
  return plane.metrics.collect().find((family) => family.name === name)?.samples[0]?.value ?? 0;
}

export function samplesOf(
  plane: TestPlane,
  name: string,
): ReturnType<TestPlane["metrics"]["collect"]>[number]["samples"] {
  return plane.metrics.collect().find((family) => family.name === name)?.samples ?? [];
}
