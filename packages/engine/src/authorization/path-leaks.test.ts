/**
 * What is denied by its path is reached by no spelling of it: in the manner of the generators with which Istio fuzzes its proxies
 * (tests/integration/security/fuzz: dotdotpwn, wfuzz). Slashes are not merged, which docs/authorization.md says.
 */
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { normalizePath } from "../path/normalize-path.ts";
import { makePolicy, makeRequest, verdictOf } from "./testing/policy-rig.ts";

const steps = ["/", "/", "/", "//", ".", "..", "/./", "/../", "%2e", "%2E%2e", ".%2e", "%252e", "%c0%ae"];
const names = ["secret", "secret", "%73ecret", "sec", "ret", "s%65cret", "%73%65%63%72%65%74", "SECRET", "x"];
const oddities = [
  ";",
  ";x",
  "..;",
  ".;",
  "%3b",
  "%2f",
  "%2F",
  "%5c",
  "\\",
  "%00",
  "%0a",
  "%",
  "#",
  "?",
  "\xe9",
];
const piece = fc.constantFrom(...steps, ...names, ...oddities);

/** As servers read it that decode once: by RFC 3986, and with the parameters of elements left out (servlets). */
function readings(path: string): readonly string[] {
  const decode = (text: string): string =>
    text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const plain = path.split("/").map((element) => element.split(";")[0]!);
  return [resolveDots(decode(path)), resolveDots(decode(plain.join("/")))];
}

function resolveDots(path: string): string {
  const kept: string[] = [];
  for (const element of path.split("/").slice(1)) {
    if (element === "..") kept.pop();
    else if (element !== ".") kept.push(element);
  }
  return `/${kept.join("/")}`;
}

const isSecret = (path: string): boolean => path === "/secret" || path.startsWith("/secret/");

test("[T05] property: of 100,000 generated spellings none reaches what a policy denies by its path", () => {
  const policy = makePolicy({ action: "DENY", rules: [{ to: [{ paths: ["/secret*"] }] }] });
  let denied = 0;
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (parts) => {
      const path = normalizePath(`/${parts.join("")}`);
      // Refused; or with an escaped slash, which is refused where a policy judges paths.
      if (typeof path !== "string" || /%2F|%5C/.test(path)) return;
      if (!readings(path).some(isSecret)) return;
      denied++;
      expect([path, verdictOf([policy], makeRequest({ path }))]).toEqual([path, "deny"]);
    }),
    { numRuns: 100_000 },
  );
  expect(denied).toBeGreaterThan(1000);
});
