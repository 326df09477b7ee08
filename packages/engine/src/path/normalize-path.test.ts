import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { normalizePath } from "./normalize-path.ts";

describe("paths come out in one spelling (T05, design.md section 5)", () => {
  test.for([
    ["/", "/", "the root"],
    ["/admin", "/admin", "a plain path is returned as it is"],
    ["//admin", "//admin", "slashes stay as they are"],
    ["/a//b///", "/a//b///", "wherever they stand"],
    ["/a/../admin", "/admin", "dot segments are removed (RFC 3986 5.2.4)"],
    ["/./admin", "/admin", "single dots too"],
    ["/%2e%2e/admin", "/admin", "and encoded ones"],
    ["/a/%2E./admin", "/admin", "and half encoded ones"],
    ["/a/b/..", "/a/", "a trailing dot segment leaves its slash"],
    ["/a/.", "/a/", "a trailing single dot too"],
    ["/..", "/", "nothing lies above the root"],
    ["/../../etc", "/etc", "however often it is tried"],
    ["/a//../b", "/a/b", "an empty segment is a segment"],
    ["/a/b/../../..", "/", "up to the root"],
    ["/admin%2f", "/admin%2F", "%2F is not a slash, and passes in upper case (T06)"],
    ["/admin%5c", "/admin%5C", "%5C passes too (T06)"],
    ["/..%2f..%2fetc", "/..%2F..%2Fetc", "an encoded slash ends no segment"],
    ["/%61dmin", "/admin", "unreserved characters are decoded (RFC 3986 6.2.2.2)"],
    ["/%7Euser/%41%2D%2e%5f", "/~user/A-._", "all of them"],
    ["/admin;x", "/admin;x", "parameters are part of the segment"],
    ["/%252e", "/%252e", "nothing is decoded twice"],
    ["/%25%32%65", "/%252e", "nothing is decoded twice, however it is written"],
    ["/ADMIN", "/ADMIN", "case counts"],
    ["/caf%c3%a9", "/caf%C3%A9", "escapes are written in upper case (RFC 3986 6.2.2.1)"],
    ["/a%0d%0aX: y".replace(" ", "%20"), "/a%0D%0AX:%20y", "an encoded line end stays encoded (T07)"],
    ["/a.b/.well-known/..x/...", "/a.b/.well-known/..x/...", "dots within a segment are nothing special"],
    ["/items[0]", "/items[0]", "brackets are sent raw by browsers"],
    ["/a:@!$&'()*+,;=-._~", "/a:@!$&'()*+,;=-._~", "everything that RFC 3986 allows in a segment"],
  ] as const)("%s is %s: %s", ([path, expected]) => {
    expect(normalizePath(path)).toBe(expected);
  });
});

describe("what servers read differently is refused", () => {
  test.for([
    ["", "does not start with a slash"],
    ["admin", "does not start with a slash"],
    ["\\admin", "does not start with a slash"],
    ["/a\\b", "a backslash"],
    ["/admin#f", "a fragment"],
    ["/admin%00", "an encoded NUL"],
    ["/a\x00b", "must be percent-encoded"],
    ["/a b", "must be percent-encoded"],
    ["/a\tb", "must be percent-encoded"],
    ["/a\x7f", "must be percent-encoded"],
    ["/caf\xe9", "must be percent-encoded"],
    ["/caf\u00c3\u00a9", "must be percent-encoded"],
    ["/\u2025/etc", "must be percent-encoded"],
    ['/a"b', "must be percent-encoded"],
    ["/<script>", "must be percent-encoded"],
    ["/{id}", "must be percent-encoded"],
    ["/a|b", "must be percent-encoded"],
    ["/a^b", "must be percent-encoded"],
    ["/a`b", "must be percent-encoded"],
    ["/a?b", "must be percent-encoded"],
    ["/100%", "without two hexadecimal digits"],
    ["/%4", "without two hexadecimal digits"],
    ["/%zz", "without two hexadecimal digits"],
    ["/%u002e", "without two hexadecimal digits"],
    ["/%c0%af", "overlong"],
    ["/%C1%81dmin", "overlong"],
    ["/%e0%80%af", "overlong"],
    ["/%f0%80%80%af", "overlong"],
    ["/public/..;/admin", "dot segment with a parameter"],
    ["/public/%2e%2e;a=b/admin", "dot segment with a parameter"],
    ["/.;/admin", "dot segment with a parameter"],
  ] as const)("%j: %s", ([path, reason]) => {
    expect(normalizePath(path)).toEqual({ refused: expect.stringContaining(reason) });
  });
});

test("Latin-1 escapes that are no UTF-8 pass: they are data", () => {
  expect(normalizePath("/%e9%C0x")).toBe("/%E9%C0x");
});

const piece = fc.constantFrom(
  "/",
  "/",
  ".",
  "..",
  "a",
  "B",
  "%2e",
  "%2F",
  "%61",
  "%c3%a9",
  ";",
  "%25",
  "%5c",
  "admin",
  "-",
);
const anyPath = fc.array(piece, { maxLength: 14 }).map((pieces) => `/${pieces.join("")}`);

test("normalising twice is normalising once", () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      const once = normalizePath(path);
      if (typeof once === "string") expect(normalizePath(once)).toBe(once);
    }),
    { numRuns: 3000 },
  );
});

test("what comes out has no dot segment, no escaped unreserved character and no lower-case escape", () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      const normal = normalizePath(path);
      if (typeof normal !== "string") return;
      expect(normal).toMatch(/^\//);
      expect(normal).not.toMatch(/(^|\/)\.\.?(\/|$)/);
      for (const [, escaped] of normal.matchAll(/%(..)/g)) {
        expect(escaped).toMatch(/^[0-9A-F]{2}$/);
        expect(String.fromCharCode(Number.parseInt(escaped!, 16))).not.toMatch(/[A-Za-z0-9._~-]/);
      }
    }),
    { numRuns: 3000 },
  );
});

test("a path without empty segments and parameters ends up where the URL standard puts it", () => {
  const segment = fc.constantFrom("a", "b.c", ".", "..", "%2e", ".%2E", "d%20e");
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 8 }), (segments) => {
      const path = `/${segments.join("/")}`;
      expect(normalizePath(path)).toBe(new URL(`http://h${path}`).pathname);
    }),
    { numRuns: 2000 },
  );
});

test("however a protected path is spelled, it comes out under its one name", () => {
  const spell = fc.array(
    fc.constantFrom("/", "//", "/./", "/x/../", "/%2e/", "/x/%2e%2E/", "/%2e%2e/", "/../"),
    { minLength: 1, maxLength: 4 },
  );
  const letters = fc.tuple(
    ..."admin".split("").map((c) => fc.constantFrom(c, `%${c.charCodeAt(0).toString(16)}`)),
  );
  fc.assert(
    fc.property(spell, letters, (prefix, name) => {
      const normal = normalizePath(prefix.join("") + name.join(""));
      expect(typeof normal === "string" && normal.replace(/^\/+/, "/").endsWith("/admin")).toBe(true);
    }),
    { numRuns: 5000 },
  );
});
