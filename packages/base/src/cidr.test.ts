import { BlockList, isIPv6 } from "node:net";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { parseCidr } from "./cidr.ts";
import { parseIp } from "./ip.ts";

test.for<[string, string]>([
  ["10.0.0.0/8", "10.0.0.0/8"],
  ["10.1.2.3/8", "10.0.0.0/8"],
  ["255.255.255.255/0", "0.0.0.0/0"],
  ["10.1.2.3/31", "10.1.2.2/31"],
  ["10.1.2.3", "10.1.2.3/32"],
  ["::/0", "::/0"],
  ["2001:DB8::1/32", "2001:db8::/32"],
  ["2001:db8:ffff::/33", "2001:db8:8000::/33"],
  ["fe80::1%eth0", "fe80::1/128"],
  ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
  ["::ffff:a00:1", "10.0.0.1/32"],
  ["::ffff:0.0.0.0/96", "0.0.0.0/0"],
  ["::1.2.3.4/128", "::1.2.3.4/128"],
])("%s is the block %s", ([text, canonical]) => {
  expect(parseCidr(text)?.text).toBe(canonical);
});

test.for([
  "",
  "/",
  "10.0.0.0/",
  "/8",
  "10.0.0.0/33",
  "::/129",
  "10.0.0.0/-1",
  "10.0.0.0/+8",
  "10.0.0.0/08",
  "10.0.0.0/8 ",
  " 10.0.0.0/8",
  "10.0.0/8",
  "10.0.0.0/8/8",
  "10.0.0.0/255.0.0.0",
  "10.0.0.256/8",
  "fe80::%eth0/64",
  "[::1]/128",
  "::ffff:10.0.0.0/95",
  "example.com/8",
  "10.0.0.0/1e1",
])("%j is no block", (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test.for<[string, string, boolean]>([
  ["10.0.0.0/8", "10.255.255.255", true],
  ["10.0.0.0/8", "11.0.0.0", false],
  ["10.0.0.0/8", "9.255.255.255", false],
  ["10.0.0.0/8", "::ffff:10.1.2.3", true],
  ["::ffff:10.0.0.0/104", "10.1.2.3", true],
  ["10.1.2.3", "10.1.2.3", true],
  ["10.1.2.3", "10.1.2.2", false],
  ["0.0.0.0/0", "203.0.113.9", true],
  ["0.0.0.0/0", "::1", false],
  ["::/0", "2001:db8::1", true],
  ["::/0", "10.0.0.1", false],
  ["::/0", "::ffff:10.0.0.1", false],
  ["fe80::/10", "febf::1", true],
  ["fe80::/10", "fec0::1", false],
  ["fe80::/10", "fe80::1%eth0", true],
  ["2001:db8::/33", "2001:db8:8000::", false],
  ["2001:db8::/33", "2001:db8:7fff::", true],
  ["::1.2.3.0/120", "::1.2.3.4", true],
  ["10.0.0.0/8", "not an address", false],
  ["10.0.0.0/8", "10.0.0.0/8", false],
  ["0.0.0.0/0", "", false],
])("%s contains %s: %s", ([block, address, expected]) => {
  expect(parseCidr(block)?.contains(address)).toBe(expected);
});

const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6().filter((text) => isIPv6(text) && parseIp(text)?.includes(":") === true);

test("an address is in a block just where node:net says so", () => {
  const cases = fc.oneof(
    fc.tuple(
      ipv4,
      fc.oneof(ipv4, fc.constant(undefined)),
      fc.integer({ min: 1, max: 32 }),
      fc.constant("ipv4" as const),
    ),
    fc.tuple(
      ipv6,
      fc.oneof(ipv6, fc.constant(undefined)),
      fc.integer({ min: 1, max: 128 }),
      fc.constant("ipv6" as const),
    ),
  );
  fc.assert(
    fc.property(cases, ([network, other, prefixLength, family]) => {
      const address = other ?? network;
      const list = new BlockList();
      list.addSubnet(network, prefixLength, family);
      const block = parseCidr(`${network}/${prefixLength}`);
      expect(block?.contains(address)).toBe(list.check(address, family));
      expect(parseCidr(block?.text ?? "")?.text).toBe(block?.text);
    }),
    { numRuns: 500 },
  );
});
