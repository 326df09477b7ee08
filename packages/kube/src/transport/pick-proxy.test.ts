import { expect, test } from "vitest";
import { pickProxy } from "./pick-proxy.ts";

const https = "https://api.example.com:6443";
test.for<[string, string, Record<string, string>, string | undefined]>([
  ["none where none is set", https, {}, undefined],
  ["by the scheme", https, { HTTP_PROXY: "http://no", HTTPS_PROXY: "http://yes" }, "http://yes"],
  ["lower case first", https, { https_proxy: "http://lower", HTTPS_PROXY: "http://upper" }, "http://lower"],
  ["http is meant where no scheme is said", https, { HTTPS_PROXY: "proxy:3128" }, "http://proxy:3128"],
  ["none for loopback", "https://127.0.0.1:6443", { HTTPS_PROXY: "http://p" }, undefined],
  ["none for localhost", "https://localhost", { HTTPS_PROXY: "http://p" }, undefined],
  ["none for an exact name", https, { HTTPS_PROXY: "http://p", NO_PROXY: "api.example.com" }, undefined],
  ["none for a name below", https, { HTTPS_PROXY: "http://p", NO_PROXY: "x, example.com" }, undefined],
  ["none for a domain with its dot", https, { HTTPS_PROXY: "http://p", NO_PROXY: ".example.com" }, undefined],
  [
    "a name that only ends alike is proxied",
    https,
    { HTTPS_PROXY: "http://p", NO_PROXY: "ample.com" },
    "http://p",
  ],
  [
    "none for an address in a block",
    "https://10.96.0.1",
    { HTTPS_PROXY: "http://p", NO_PROXY: "10.0.0.0/8" },
    undefined,
  ],
  [
    "one for an address outside",
    "https://11.0.0.1",
    { HTTPS_PROXY: "http://p", NO_PROXY: "10.0.0.0/8" },
    "http://p",
  ],
  ["none for all", https, { HTTPS_PROXY: "http://p", NO_PROXY: "*" }, undefined],
  ["none for the port", https, { HTTPS_PROXY: "http://p", NO_PROXY: "api.example.com:6443" }, undefined],
  ["one for another port", https, { HTTPS_PROXY: "http://p", NO_PROXY: "api.example.com:443" }, "http://p"],
  [
    "none for an IPv6 address",
    "https://[fd00::1]",
    { HTTPS_PROXY: "http://p", NO_PROXY: "fd00::1" },
    undefined,
  ],
])("a proxy: %s", ([, server, environment, expected]) => {
  expect(pickProxy(server, environment)).toBe(expected);
});
