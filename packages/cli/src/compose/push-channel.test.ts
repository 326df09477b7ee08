import { describe, expect, test } from "vitest";
import { pushChannel } from "./push-channel.ts";

const files = { tokenFile: "/token", caFile: "/ca.crt" };
const inPod = { controller: "waystone-push.waystone-system.svc:15010", gateway: "shop/waypoint", ...files };

test("with a token and certificates: TLS, wherever the controller is", () => {
  expect(pushChannel(inPod)).toEqual({
    address: "waystone-push.waystone-system.svc:15010",
    tls: { caFile: "/ca.crt" },
    tokenFile: "/token",
    isSecure: true,
  });
});

test("without both: plaintext, on loopback", () => {
  expect(pushChannel({ controller: "localhost:15010" })).toEqual({
    address: "127.0.0.1:15010",
    isSecure: false,
  });
});

describe("what is refused, and with which words", () => {
  test.for([
    [
      { controller: "10.0.0.7:15010" },
      "--controller 10.0.0.7:15010 is not a loopback address: without --token-file the push channel has no TLS",
    ],
    [{ controller: "waystone-push:15010" }, '--controller "waystone-push:15010" is not address:port'],
    [
      { ...inPod, caFile: undefined },
      "--token-file is given and --ca-file is not: TLS needs both, plaintext on loopback neither",
    ],
    [
      { ...inPod, tokenFile: undefined },
      "--ca-file is given and --token-file is not: TLS needs both, plaintext on loopback neither",
    ],
    [
      { ...inPod, gateway: undefined },
      "--gateway is missing: with --token-file a waypoint is that of one Gateway",
    ],
    [
      { ...inPod, controller: "waystone-push" },
      '--controller: push address "waystone-push" is not host:port',
    ],
  ] as const)("%j", ([flags, message]) => {
    expect(() => pushChannel(JSON.parse(JSON.stringify(flags)) as typeof inPod)).toThrow(message);
  });
});
