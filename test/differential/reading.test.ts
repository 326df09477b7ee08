import { expect, test } from "vitest";
import { buildReading, compareReadings, normaliseTarget } from "./reading.ts";

test.for([
  ["/a/b", "/a/b"],
  ["/a/../b", "/b"],
  ["/a/%2e%2E/b", "/b"],
  ["/%61/./b/.", "/a/b/"],
  ["/..", "/"],
  ["//a//..//b", "//a//b"],
  ["/a%2fb?x=/../%6a", "/a%2Fb?x=/../%6a"],
  ["http://h/a?b", "/a?b"],
  ["http://h", "/"],
])("%s is the resource %s", ([target = "", normal = ""]) => {
  expect(normaliseTarget(target)).toBe(normal);
});

test("what hops may change is no difference; a value, a body or an order of equal names is", () => {
  const body = Buffer.from("x");
  const one = buildReading(
    "GET",
    "/",
    [
      ["Host", "A"],
      ["X-A", "1"],
      ["x-a", "2"],
      ["Via", "y"],
    ],
    body,
  );
  const same = buildReading(
    "GET",
    "/",
    [
      ["x-a", "1"],
      ["X-A", "2"],
      ["host", "a"],
      ["Connection", "z"],
      ["Z", "1"],
    ],
    body,
  );
  expect(compareReadings(one, same)).toEqual([]);
  const other = buildReading(
    "GET",
    "/",
    [
      ["x-a", "2"],
      ["X-A", "1"],
      ["host", "a"],
    ],
    Buffer.from("y"),
  );
  expect(compareReadings(one, other).map((each) => each.split(":")[0])).toEqual(["headers", "bodyHash"]);
});
