import { isIP } from "node:net";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { isLinkLocal, isLoopback, parseIp } from "./ip.ts";

test.for<[string, string]>([
  ["10.0.0.1", "10.0.0.1"],
  ["::", "::"],
  ["0:0:0:0:0:0:0:1", "::1"],
  ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8::0:1:0:0", "2001:db8::1:0:0"],
  ["1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"],
  ["::ffff:1.2.3.4", "1.2.3.4"],
  ["::FFFF:7f00:1", "127.0.0.1"],
  ["0:0:0:0:0:ffff:102:304", "1.2.3.4"],
  ["::ffff:0:1.2.3.4", "::ffff:0:102:304"],
  ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
  ["fe80::1%eth0", "fe80::1"],
])("%s is written %s", ([text, canonical]) => {
  expect(parseIp(text)).toBe(canonical);
});

test.for([
  "",
  "localhost",
  "1.2.3",
  "01.2.3.4",
  "1.2.3.256",
  "1.2.3.4:80",
  "1.2.3.4%eth0",
  " ::1",
  "[::1]",
  ":::",
  "1::2::3",
  "::1/128",
])("%j is no address", (text) => {
  expect(parseIp(text)).toBeUndefined();
});

test.for<[string, boolean, boolean]>([
  ["127.0.0.1", true, false],
  ["127.255.0.9", true, false],
  ["::1", true, false],
  ["::ffff:127.0.0.1", true, false],
  ["128.0.0.1", false, false],
  ["::1:1", false, false],
  ["1.127.0.0", false, false],
  ["169.254.169.254", false, true],
  ["169.25.4.1", false, false],
  ["fe80::1%eth0", false, true],
  ["FEBF::1", false, true],
  ["fec0::1", false, false],
  ["fe8::1", false, false],
])("%s: loopback %s, link-local %s", ([text, loopback, linkLocal]) => {
  const address = parseIp(text) ?? "";
  expect([isLoopback(address), isLinkLocal(address)]).toEqual([loopback, linkLocal]);
});

test("the canonical form is an address, and its own canonical form", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const canonical = parseIp(text);
      expect(isIP(canonical ?? "")).not.toBe(0);
      expect(parseIp(canonical ?? "")).toBe(canonical);
      expect(parseIp(text.toUpperCase())).toBe(canonical);
    }),
  );
});
