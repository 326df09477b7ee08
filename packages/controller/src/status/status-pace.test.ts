import { expect, test } from "vitest";
import { draftCondition } from "../model/draft-condition.ts";
import { emptyStatus, type ObjectStatus } from "../translate/object-status.ts";
import { StatusPace } from "./status-pace.ts";

const key = "Gateway/shop/waypoint";

function said(message: string): ObjectStatus {
  const object = { apiVersion: "", kind: "Gateway", metadata: { namespace: "shop", name: "waypoint" } };
  const programmed = draftCondition("Programmed", "True", "Programmed", message, 1);
  return { ...emptyStatus(object, undefined), conditions: [programmed] };
}

/** When each write of an object is made whose status is another one in every millisecond. */
function writeFor(pace: StatusPace, from: number, ms: number): readonly number[] {
  const writes: number[] = [];
  for (let now = from; now < from + ms; now++) {
    const status = said(`at ${now}`);
    if (pace.waitMs(key, status, now) > 0) continue;
    pace.wrote(key, status, now);
    writes.push(now);
  }
  return writes;
}

test("an object that changes all the time is written twice a second for ten seconds, and then once a second", () => {
  const pace = new StatusPace();
  const writes = writeFor(pace, 0, 60_000);
  expect(writes.filter((at) => at < 10_000)).toHaveLength(20);
  expect(writes.filter((at) => at >= 20_000 && at < 30_000)).toHaveLength(10);
  // After a rest it is as at first.
  expect(writeFor(pace, 65_000, 5_000)).toHaveLength(10);
});
