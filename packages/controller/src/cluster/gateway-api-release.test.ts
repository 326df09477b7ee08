import { expect, test } from "vitest";
import { definedKinds } from "./followed-kinds.ts";
import { describeAbsent, isInstalled, readRelease } from "./gateway-api-release.ts";

const kinds = [definedKinds.gatewayClasses, definedKinds.gateways, definedKinds.httpRoutes];

/** `versions`: of each definition; undefined: it is not there. */
function release(versions: readonly (string | undefined)[]) {
  return readRelease(
    kinds.map((kind, at) => {
      const version = versions[at];
      if (version === undefined) return { kind, definition: undefined };
      const bundle = { version, channel: "standard" };
      const names = { key: kind.plural, group: kind.group, kind: kind.kind };
      return { kind, definition: { ...names, versions: ["v1"], bundle, converter: undefined } };
    }),
    [],
  );
}

const same = (version: string): readonly string[] => [version, version, version];

type Case = readonly [rule: string, versions: readonly (string | undefined)[], oddity: RegExp | undefined];

test.for<Case>([
  ["a release that is known is not odd", same("v1.6.3"), undefined],
  ["a later minor release is not odd", same("v1.31.0"), undefined],
  ["a candidate is judged by its release", same("v1.7.0-rc.1"), undefined],
  ["before v1.2 it is odd", same("v1.1.0"), /older than v1\.2/],
  ["another major version is odd", same("v2.0.0"), /another major version/],
  ["what is no version can't be judged", same("main"), /can't be judged/],
  ["definitions of several releases are odd", ["v1.6.3", "v1.7.0", "v1.6.3"], /v1\.6\.3, v1\.7\.0/],
  ["what is missing is named", ["v1.6.3", undefined, "v1.6.3"], /^Gateway of \S+ is missing/],
  ["where nothing is, nothing is odd", [undefined, undefined, undefined], undefined],
])("%s", ([, versions, oddity]) => {
  const read = release(versions);
  if (oddity === undefined) expect(read.oddity).toBeUndefined();
  else expect(read.oddity).toMatch(oddity);
  expect(isInstalled(read)).toBe(!versions.includes(undefined));
});

test("kinds that are followed where they are there are named where they are not", () => {
  const { tlsRoutes, tcpRoutes } = definedKinds;
  const names = { key: "tlsroutes", group: tlsRoutes.group, kind: "TLSRoute" };
  const bundle = { version: "v1.6.3", channel: "standard" };
  const definition = { ...names, versions: ["v1"], bundle, converter: undefined };
  const read = readRelease(
    [],
    [
      { kind: tlsRoutes, definition },
      { kind: tcpRoutes, definition: undefined },
    ],
  );
  expect(read.absent).toEqual(["TCPRoute"]);
  expect(describeAbsent(read)).toBe("; not installed, and followed as soon as it is: TCPRoute");
  expect(describeAbsent({ ...read, absent: [] })).toBe("");
});
