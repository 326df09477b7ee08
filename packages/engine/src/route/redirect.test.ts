import { describe, expect, test } from "vitest";
import { Problems } from "./problems.ts";
import { compileRedirect, type RedirectedRequest, type RedirectInput, redirectLocation } from "./redirect.ts";
import { compileUrlRewrite, rewritePath } from "./url-rewrite.ts";

const request: RedirectedRequest = {
  scheme: "http",
  host: "web.shop",
  listenerPort: 80,
  path: "/foo/bar",
  hasQuery: true,
  query: "a=%0d%0a&b",
};

function locate(
  input: RedirectInput,
  change: Partial<RedirectedRequest> = {},
  matchedPrefix = "/foo",
): string {
  const problems = new Problems();
  const redirect = compileRedirect(input, true, "filter", problems);
  expect(problems.reasons).toEqual([]);
  return redirectLocation(redirect, { ...request, ...change }, matchedPrefix);
}

describe("Location (Gateway API HTTPRequestRedirectFilter)", () => {
  test.for<[string, RedirectInput, Partial<RedirectedRequest>, string]>([
    ["all from the request, the query byte for byte", {}, {}, "http://web.shop/foo/bar?a=%0d%0a&b"],
    [
      "without a query there is no question mark",
      {},
      { hasQuery: false, query: "" },
      "http://web.shop/foo/bar",
    ],
    ["an empty query keeps its mark", {}, { query: "" }, "http://web.shop/foo/bar?"],
    ["another host", { hostname: "example.org" }, { query: "q" }, "http://example.org/foo/bar?q"],
    [
      "the listener's port where it is not the scheme's own",
      {},
      { listenerPort: 8080, query: "q" },
      "http://web.shop:8080/foo/bar?q",
    ],
    [
      "another scheme takes its well-known port",
      { scheme: "https" },
      { listenerPort: 8080, query: "q" },
      "https://web.shop/foo/bar?q",
    ],
    [
      "http to http takes its well-known port too",
      { scheme: "http" },
      { listenerPort: 8080, query: "q" },
      "http://web.shop/foo/bar?q",
    ],
    ["a configured port", { port: 8083 }, { query: "q" }, "http://web.shop:8083/foo/bar?q"],
    [
      "a configured port 80 of http is not written",
      { port: 80 },
      { listenerPort: 8080, query: "q" },
      "http://web.shop/foo/bar?q",
    ],
    [
      "a configured port 443 of https is not written",
      { scheme: "https", port: 443 },
      { query: "q" },
      "https://web.shop/foo/bar?q",
    ],
    ["port 443 of http is written", { port: 443 }, { query: "q" }, "http://web.shop:443/foo/bar?q"],
    [
      "port 80 of https is written",
      { scheme: "https", port: 80 },
      { query: "q" },
      "https://web.shop:80/foo/bar?q",
    ],
    [
      "https stays https, on its listener's port",
      {},
      { scheme: "https", listenerPort: 443, query: "q" },
      "https://web.shop/foo/bar?q",
    ],
    ["a full path", { path: { replaceFullPath: "/new" } }, { query: "q" }, "http://web.shop/new?q"],
    ["a prefix", { path: { replacePrefixMatch: "/new" } }, { query: "q" }, "http://web.shop/new/bar?q"],
    ["an IPv6 host", { port: 81 }, { host: "[::1]", query: "q" }, "http://[::1]:81/foo/bar?q"],
  ])("%s", ([, input, change, expected]) => {
    expect(locate(input, change)).toBe(expected);
  });
});

test("the status is 302 unless another is given", () => {
  const problems = new Problems();
  expect(compileRedirect({}, true, "f", problems).status).toBe(302);
  expect(compileRedirect({ statusCode: 0 }, true, "f", problems).status).toBe(302);
  expect(compileRedirect({ statusCode: 308 }, true, "f", problems).status).toBe(308);
  expect(problems.reasons).toEqual([]);
});

test.for<[RedirectInput, boolean, string]>([
  [{ statusCode: 304 }, true, "f.statusCode: 304 is none of 301, 302, 303, 307, 308"],
  [{ scheme: "ftp" }, true, 'f.scheme: "ftp" is neither http nor https'],
  [
    { hostname: "a b" },
    true,
    'f.hostname: "a b" is not a host name: the host has a character that no host name has',
  ],
  [
    { hostname: "a\r\nX: y" },
    true,
    'f.hostname: "a\\r\\nX: y" is not a host name: the host has a character that no host name has',
  ],
  [{ hostname: "a:80" }, true, 'f.hostname: "a:80" has a port'],
  [{ port: 70_000 }, true, "f.port: 70000 is not a port"],
  [{ path: {} }, true, "f.path: neither replaceFullPath nor replacePrefixMatch is set"],
  [
    { path: { replaceFullPath: "new" } },
    true,
    'f.path.replaceFullPath: "new" is not a path: the path does not start with a slash',
  ],
  [
    { path: { replaceFullPath: "/a?b" } },
    true,
    'f.path.replaceFullPath: "/a?b" is not a path: the path has a character that must be percent-encoded',
  ],
  [
    { path: { replaceFullPath: "/a\r\n" } },
    true,
    'f.path.replaceFullPath: "/a\\r\\n" is not a path: the path has a character that must be percent-encoded',
  ],
  [
    { path: { replacePrefixMatch: "/a" } },
    false,
    "f.path.replacePrefixMatch: needs every match of the rule to be a PathPrefix",
  ],
])("%j is refused", ([input, prefixMatches, reason]) => {
  const problems = new Problems();
  compileRedirect(input, prefixMatches, "f", problems);
  expect(problems.reasons).toEqual([reason]);
});

/** The table of Gateway API's HTTPPathModifier.replacePrefixMatch, and what it says in words below it. */
test.for([
  ["/foo/bar", "/foo", "/xyz", "/xyz/bar"],
  ["/foo/bar", "/foo", "/xyz/", "/xyz/bar"],
  ["/foo/bar", "/foo/", "/xyz", "/xyz/bar"],
  ["/foo/bar", "/foo/", "/xyz/", "/xyz/bar"],
  ["/foo", "/foo", "/xyz", "/xyz"],
  ["/foo/", "/foo", "/xyz", "/xyz/"],
  ["/foo/bar", "/foo", "", "/bar"],
  ["/foo/", "/foo", "", "/"],
  ["/foo", "/foo", "", "/"],
  ["/foo/", "/foo", "/", "/"],
  ["/foo", "/foo", "/", "/"],
  ["/foo/bar", "/", "/xyz", "/xyz/foo/bar"],
  ["/", "/", "/xyz", "/xyz/"],
  ["/foo//bar", "/foo", "/xyz", "/xyz//bar"],
  ["/foo/%2F", "/foo", "/xyz", "/xyz/%2F"],
] as const)("%s with the prefix %s replaced by %j is %s", ([path, prefix, replacement, expected]) => {
  const problems = new Problems();
  const rewrite = compileUrlRewrite({ path: { replacePrefixMatch: replacement } }, true, "f", problems);
  expect(problems.reasons).toEqual([]);
  expect(rewritePath(rewrite, path, prefix.replace(/\/$/, ""))).toBe(expected);
});

test("a rewrite of the host alone leaves the path", () => {
  const rewrite = compileUrlRewrite({ hostname: "One.Example.org" }, false, "f", new Problems());
  expect(rewrite.hostname).toBe("one.example.org");
  expect(rewritePath(rewrite, "/a/b", "/a")).toBe("/a/b");
});
