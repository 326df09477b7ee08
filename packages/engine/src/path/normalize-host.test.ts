import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { parseAuthority } from "./normalize-host.ts";

test.for([
  ["web", "web", undefined, "a name"],
  ["Web.SHOP", "web.shop", undefined, "case does not count (T03)"],
  ["web.shop:80", "web.shop", 80, "the port is taken off (T03)"],
  ["web.shop.", "web.shop", undefined, "the root's dot is the same name (T03)"],
  ["web.shop.:8080", "web.shop", 8080, "before a port too"],
  ["echo_v1.Shop:7070", "echo_v1.shop", 7070, "underscores occur in gRPC's authorities"],
  ["10.0.0.1:65535", "10.0.0.1", 65_535, "an IPv4 address"],
  ["[::1]", "[::1]", undefined, "an IPv6 address in brackets"],
  ["[2001:DB8:0:0:0:0:0:1]:8080", "[2001:db8::1]", 8080, "in RFC 5952's one form"],
  ["[::ffff:10.0.0.1]", "[::ffff:a00:1]", undefined, "with an IPv4 tail"],
  ["[1:0:0:2:0:0:0:3]", "[1:0:0:2::3]", undefined, "the longest run of zeros is shortened"],
  ["[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:0]", undefined, "one zero group is not shortened (RFC 5952 4.2.2)"],
] as const)("%s is host %s, port %s: %s", ([text, host, port]) => {
  expect(parseAuthority(text)).toEqual({ host, port });
});

test.for([
  ["", "empty"],
  [":80", "empty"],
  ["a, b", "character"],
  ["a,b", "character"],
  ["user@h", "user information"],
  ["user:pw@h", "user information"],
  ["h/path", "character"],
  ["h\\path", "character"],
  ["h?q", "character"],
  ["h#f", "character"],
  ["h\x00", "character"],
  ["h\r\nX", "character"],
  ["h h", "character"],
  ["h%41", "character"],
  ["h\xe9", "character"],
  ["h;x", "character"],
  ["a..b", "empty label"],
  [".a", "empty label"],
  [".", "empty label"],
  ["a..", "empty label"],
  ["h:99999", "1 to 65535"],
  ["h:0", "1 to 65535"],
  ["h:080", "1 to 65535"],
  ["h:", "1 to 65535"],
  ["h:80a", "1 to 65535"],
  ["h:+80", "1 to 65535"],
  ["h:655360", "1 to 65535"],
  ["::1", "empty"],
  ["2001:db8::1", "1 to 65535"],
  ["[::1", "IPv6"],
  ["[::1]x", "1 to 65535"],
  ["[::1]:", "1 to 65535"],
  ["[fe80::1%25eth0]", "IPv6"],
  ["[v1.x]", "IPv6"],
  ["[1.2.3.4]", "IPv6"],
  ["[:1:2:3:4:5:6:7]", "IPv6"],
  ["[1::2::3]", "IPv6"],
  ["[1:2:3:4:5:6:7:8:9]", "IPv6"],
  ["[::1.2.3.400]", "IPv6"],
  ["[::01.2.3.4]", "IPv6"],
  ["a".repeat(256), "longer than 255"],
] as const)("%j is refused: %s (T01)", ([text, reason]) => {
  expect(parseAuthority(text)).toEqual({ refused: expect.stringContaining(reason) });
});

test("a host that is accepted is its own normal form", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.domain(),
        fc.ipV4(),
        fc.ipV6().map((ip) => `[${ip}]`),
        fc.string(),
      ),
      (text) => {
        const parsed = parseAuthority(text);
        if ("refused" in parsed) return;
        expect(parseAuthority(parsed.host)).toEqual({ host: parsed.host, port: undefined });
      },
    ),
    { numRuns: 1000 },
  );
});

test("IPv6 is spelled as the URL standard spells it", () => {
  fc.assert(
    fc.property(fc.ipV6(), (ip) => {
      expect(parseAuthority(`[${ip}]`)).toEqual({
        host: new URL(`http://[${ip}]`).hostname,
        port: undefined,
      });
    }),
    { numRuns: 500 },
  );
});
