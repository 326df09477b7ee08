import { seededRng } from "@waystone/base/rng";
import * as fc from "../fast-check.ts";
import { expect, test } from "vitest";
import { readRequest } from "../read-message.ts";
import { messageArbitrary } from "./message-arbitrary.ts";
import { allMutations, generateMessage } from "./message-generator.ts";
import { generateValidRequest } from "./valid-request.ts";
import { toBytes } from "./wire-message.ts";

test("the same seed makes the same bytes", () => {
  expect(generateMessage(seededRng(7), "a")).toEqual(generateMessage(seededRng(7), "a"));
});

test("a valid request means to a strict reader what it is said to mean", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { wire, meaning } = generateValidRequest(seededRng(seed), "id");
      const bytes = toBytes(wire);
      const request = readRequest(bytes);
      expect(request?.raw.length).toBe(bytes.length);
      expect(request).toMatchObject({ method: meaning.method, target: meaning.target });
      expect(request?.body.toString("latin1")).toBe(meaning.body);
      const names = new Set(meaning.headers.map(([name]) => name.toLowerCase()));
      expect(request?.headers.filter(([name]) => names.has(name.toLowerCase()))).toEqual(meaning.headers);
    }),
    { numRuns: 500 },
  );
});

test("what must be refused is no request to a strict reader, or has a target or header that is forbidden", () => {
  const readable = new Map<string, string>();
  for (const [at, mutation] of allMutations.entries()) {
    if (mutation.verdict === "doubt") continue;
    for (let seed = 0; seed < 40; seed += 1) {
      const rng = seededRng(at * 1000 + seed);
      const bytes = toBytes(mutation.apply(generateValidRequest(rng, "id").wire, rng));
      if (isRequest(bytes))
        readable.set(`${mutation.id} ${mutation.name}`, bytes.toString("latin1").slice(0, 60));
    }
  }
  // These are well-formed by grammar: limits, Host and target rules, versions and expectations are rules beyond it.
  const beyondGrammar = /^(F07|L09|T0[0-9]|R04|L07 another version|L08 a method that is too long)/;
  expect([...readable].filter(([name]) => !beyondGrammar.test(name))).toEqual([]);
});

test("every verdict occurs among a few hundred messages", () => {
  const verdicts = new Set(fc.sample(messageArbitrary(), 300).map((message) => message.verdict));
  expect([...verdicts].sort()).toEqual(["doubt", "refuse-body", "refuse-head", "valid"]);
});

function isRequest(bytes: Buffer): boolean {
  try {
    return readRequest(bytes) !== undefined;
  } catch {
    return false;
  }
}
