/** A mistake of ours costs one connection, and is told. */
import { MetricsRegistry } from "@waystone/base/metrics";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { expect, test } from "vitest";
import type { FromWorker } from "../worker/protocol.ts";
import { ConnectionFaults } from "./connection-faults.ts";

test("each is counted, and told with its stack once a second at most, with how many others there were", () => {
  const clock = new ManualClock();
  const metrics = new MetricsRegistry();
  const told: FromWorker[] = [];
  const faults = new ConnectionFaults({ clock, metrics, emit: (message) => told.push(message) });
  for (let i = 0; i < 5; i++) faults.report(new RangeError("out of range"));
  clock.advance(1000);
  faults.report("thrown text");
  expect(metrics.counter("waystone_connection_faults_total", "").value).toBe(6);
  expect(told).toMatchObject([
    { type: "log", level: "error", fields: { error: expect.stringContaining("RangeError: out of range\n") } },
    { type: "log", level: "error", fields: { error: "thrown text", others: 4 } },
  ]);
});
