/** Strings come out as protobufjs itself has them, whatever bytes there are. */
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { compactReader } from "./compact-reader.ts";
import { Route } from "./resources.ts";

function roundTrip(name: string): string {
  return Route.decode(compactReader(Route.encode({ name }).finish())).name;
}

/** The field name with these bytes. */
function nameOf(...bytes: readonly number[]): Uint8Array {
  const field = Route.encode({ name: "x" }).finish()[0] ?? 0;
  return Uint8Array.from([field, bytes.length, ...bytes]);
}

describe("a string that is read", () => {
  test("is what was written, of every length and alphabet, again and again", () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 140 }),
      fc.string({ unit: "binary", maxLength: 140 }),
      fc.constantFrom("", "shop/web", "HTTPRoute", "x".repeat(63), "x".repeat(64), "\u0000", "ü".repeat(32)),
    );
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 30 }), (names) => {
        for (const name of [...names, ...names]) expect(roundTrip(name)).toBe(name);
      }),
    );
  });

  test("is not taken for another of the same hash", () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `route-${at}`);
    for (const name of names) if (roundTrip(name) !== name) expect.fail(name);
  });

  test("is read from a view in the middle of a larger buffer", () => {
    const message = Route.encode({ name: "in the middle" }).finish();
    const whole = new Uint8Array(message.length + 20).fill(0x41);
    whole.set(message, 7);
    expect(Route.decode(compactReader(whole.subarray(7, 7 + message.length))).name).toBe("in the middle");
  });
});

describe("what is no string is refused, as it is by protobufjs", () => {
  test.for([
    ["bytes that are no UTF-8", nameOf(0x61, 0xff, 0x61)],
    ["half of a character at the end", nameOf(0x61, 0xc3)],
    ["a length beyond the message", Uint8Array.from([...nameOf(0x61).slice(0, 1), 40, 0x61])],
    ["a length that never ends", Uint8Array.from([nameOf(0x61)[0] ?? 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ] as const)("%s", ([, bytes]) => {
    expect(() => Route.decode(bytes)).toThrow();
    expect(() => Route.decode(compactReader(bytes))).toThrow();
  });
});
