import { describe, expect, test } from "vitest";
import { splitTarget } from "./split-target.ts";

describe("origin-form (RFC 9112 3.2.1)", () => {
  test.for([
    ["/", "/", false, ""],
    ["/a/b", "/a/b", false, ""],
    ["/a?b=c", "/a", true, "b=c"],
    ["/admin?", "/admin", true, ""],
    ["/a?b?c=/d", "/a", true, "b?c=/d"],
    ["//host/a", "//host/a", false, ""],
    ["/a?a=1&a=2;b=&+=%zz|^`\\[]'", "/a", true, "a=1&a=2;b=&+=%zz|^`\\[]'"],
  ] as const)("%s: path %s, query %s %j", ([target, path, hasQuery, query]) => {
    expect(splitTarget(target)).toEqual({ form: "origin", path, hasQuery, query });
  });

  test.for([
    "/a?b c",
    "/a?b\x00",
    "/a?b#c",
    "/a?\xe9",
    '/a?"',
    "/a?<",
    "/a?>",
    "/a?{",
    "/a?}",
    "/a?\x7f",
    "/a?b\tc",
  ])("%j is refused: the query has a character that must be encoded (T07)", (target) => {
    expect(splitTarget(target)).toEqual({
      form: "refused",
      reason: expect.stringContaining("percent-encoded"),
    });
  });
});

describe("absolute-form (RFC 9112 3.2.2)", () => {
  test.for([
    ["http://web.shop/a?b", "http", "web.shop", "/a", true, "b"],
    ["HTTP://Web.Shop:8080/", "http", "Web.Shop:8080", "/", false, ""],
    ["https://[::1]:443/x", "https", "[::1]:443", "/x", false, ""],
    ["http://web", "http", "web", "/", false, ""],
    ["http://web?q", "http", "web", "/", true, "q"],
  ] as const)("%s", ([target, scheme, authority, path, hasQuery, query]) => {
    expect(splitTarget(target)).toEqual({ form: "absolute", scheme, authority, path, hasQuery, query });
  });

  test.for([
    "http://user@web/",
    "http://web\\a",
    "http://web#f",
    "ftp://web/",
    "http:/web",
    "http:web",
    "file:///etc",
  ])("%s is refused", (target) => {
    expect(splitTarget(target).form).toBe("refused");
  });

  test("an empty authority is left to parseAuthority", () => {
    expect(splitTarget("http:///a")).toMatchObject({ form: "absolute", authority: "" });
  });
});

test("asterisk-form and authority-form are told to the caller (T04)", () => {
  expect(splitTarget("*")).toEqual({ form: "asterisk" });
  expect(splitTarget("web.shop:443")).toEqual({ form: "authority", authority: "web.shop:443" });
  expect(splitTarget("[::1]:443")).toEqual({ form: "authority", authority: "[::1]:443" });
});

test.for(["", "web.shop", "a/b", "*a", "?q", "web:", "web:443/x", "u@web:443", " /", "\\a"])(
  "%j has none of the four forms",
  (target) => {
    expect(splitTarget(target).form).toBe("refused");
  },
);
