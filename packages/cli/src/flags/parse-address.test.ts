import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress, parseLoopbackAddress } from "./parse-address.ts";

describe("addresses that a flag may name", () => {
  test.for([
    ["127.0.0.1:15000", "127.0.0.1:15000"],
    ["localhost:15000", "127.0.0.1:15000"],
    ["15000", "127.0.0.1:15000"],
    [":0", "127.0.0.1:0"],
    ["[::1]:15000", "[::1]:15000"],
    ["[0:0::1]:80", "[::1]:80"],
    ["0.0.0.0:65535", "0.0.0.0:65535"],
  ] as const)("%s is %s", ([text, expected]) => {
    expect(formatAddress(parseAddress(text, "--admin"))).toBe(expected);
  });
});

describe("what is none", () => {
  test.for([
    "",
    "host",
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:65536",
    "::1:80",
    "[::1]",
    "example.org:80",
    "127.0.0.1:1x",
  ])("%j", (text) => {
    expect(() => parseAddress(text, "--admin")).toThrow(
      `--admin ${JSON.stringify(text)} is not address:port; write, for example, --admin 127.0.0.1:15000`,
    );
  });
});

test("where only loopback will do, the message says why and what instead", () => {
  expect(parseLoopbackAddress("127.9.9.9:1", "--admin", "why")).toEqual({ address: "127.9.9.9", port: 1 });
  expect(() => parseLoopbackAddress("10.0.0.1:80", "--admin", "it has no password")).toThrow(
    "--admin 10.0.0.1:80 is not a loopback address: it has no password; use 127.0.0.1:80 or [::1]:80",
  );
});
