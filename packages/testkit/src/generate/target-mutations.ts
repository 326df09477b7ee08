/** Targets and Hosts that different parsers take for different things. */
import { chooseInt, chooseOne } from "./choose.ts";
import type { Mutation, MutationVerdict } from "./mutation.ts";
import { withHeaders, withoutHeader, wireLine } from "./wire-message.ts";

function withTarget(
  id: string,
  name: string,
  targets: readonly string[],
  verdict: MutationVerdict = "refuse-head",
): Mutation {
  return {
    id,
    name,
    verdict,
    apply(message, rng) {
      const [method = "", , version = ""] = message.requestLine.text.split(" ");
      return { ...message, requestLine: wireLine(`${method} ${chooseOne(rng, targets)} ${version}`) };
    },
  };
}

function withHosts(
  name: string,
  hosts: readonly (readonly string[])[],
  verdict: MutationVerdict = "refuse-head",
): Mutation {
  return {
    id: "T01",
    name,
    verdict,
    apply(message, rng) {
      const at = chooseInt(rng, 0, message.headers.length - 1);
      return withHeaders(
        withoutHeader(message, "host"),
        chooseOne(rng, hosts).map((host) => `Host: ${host}`),
        at,
      );
    },
  };
}

export const targetMutations: readonly Mutation[] = [
  {
    id: "T01",
    name: "no Host",
    verdict: "refuse-head",
    apply(message) {
      const requestLine = wireLine(message.requestLine.text.replace(/HTTP\/1\.0$/, "HTTP/1.1"));
      return { ...withoutHeader(message, "host"), requestLine };
    },
  },
  withHosts("a Host that is none", [
    ["a.test", "a.test"],
    ["a.test", "b.test"],
    [""],
    ["a.test, b.test"],
    ["user@a.test"],
    ["a.test/path"],
    ["a.test:99999"],
    ["a.test\0"],
    ["::1"],
    ["[::1"],
    ["a b"],
    ["a.test:x"],
    ["a.test?x"],
    ["a.test#x"],
    ["a\\b"],
    ["a.test:80:80"],
    ["http://a.test"],
  ]),
  withHosts(
    "a Host that is odd",
    [["shop.test."], ["[::1]"], ["127.0.0.1"], ["shop.test:"], ["SHOP.TEST:080"], ["a_b.test"], ["xn--a"]],
    "doubt",
  ),
  withTarget("T07", "raw bytes that a target cannot hold", [
    "/a\xc3\xa9",
    "/\xc0\xaf",
    '/a"b',
    "/a<b",
    "/a>b",
    "/a{b}",
    "/a b",
    "/a\tb",
    "/a\x01b",
    "/a\x7fb",
    "/a\0b",
    "/a\rb",
    "/?q=\xff",
  ]),
  withTarget("T05", "paths that end in two places", ["/a\\b", "\\a", "/a%00b", "/%00"]),
  withTarget(
    "T05",
    "paths that are odd",
    [
      "//admin",
      "/a/../admin",
      "/./admin",
      "/%2e%2e/admin",
      "/admin%2f",
      "/admin%5c",
      "/%61dmin",
      "/admin;x",
      "/%c0%af",
      "/%252e",
      "/admin#f",
      "/admin?",
      "/ADMIN",
      "/..",
      "/../../x",
      "/a/%2E%2e/b",
      "/a//..//b",
      "/%zz",
      "/%4",
      "/%",
      "/a%0d%0ab",
      "/a|b",
      "/a^b",
      "/a`b",
      "/a[b]",
      "?x",
    ],
    "doubt",
  ),
  withTarget("T04", "targets that are no path", [
    "admin",
    "*x",
    "http:/x",
    "http://",
    "http:///x",
    "ftp://a.test/x",
    "a.test:80",
    "://x",
    "http://u@a.test/x",
    "http://a.test:99999/x",
  ]),
  withTarget(
    "T04",
    "absolute targets",
    [
      "http://other.test/x",
      "HTTP://shop.test/x",
      "http://shop.test",
      "http://shop.test:80/x",
      "https://shop.test/x",
    ],
    "doubt",
  ),
  {
    id: "T04",
    name: "methods with targets that are not theirs",
    verdict: "refuse-head",
    apply: (message, rng) => ({
      ...message,
      requestLine: wireLine(
        `${chooseOne(rng, ["GET *", "POST *", "CONNECT shop.test", "CONNECT /x", "CONNECT shop.test:80", "CONNECT 127.0.0.1:15000"])} HTTP/1.1`,
      ),
    }),
  },
  {
    id: "T04",
    name: "OPTIONS *",
    verdict: "doubt",
    apply: (message) => ({ ...message, requestLine: wireLine("OPTIONS * HTTP/1.1") }),
  },
  withTarget("L09", "a target that is too long", [`/${"a".repeat(9_000)}`, `/?${"q".repeat(70_000)}`]),
];
