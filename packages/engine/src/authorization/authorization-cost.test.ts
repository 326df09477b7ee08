/** What a request costs depends on the policies of its own port, and deciding makes no garbage (issue: 1,000 over 500 Services). */
import { expect, test } from "vitest";
import { decide, noObserver } from "./decide.ts";
import { PolicyIndex } from "./policy-index.ts";
import { httpPlace, makePolicy, type PolicyText } from "./testing/policy-rig.ts";
import { makeRequest } from "./testing/policy-rig.ts";

const place = (index: number) => ({ ...httpPlace, service: `shop/s${index}` });

function policiesOf(services: number): readonly PolicyText[] {
  return Array.from({ length: services * 2 }, (_, index) => ({
    name: `p${index}`,
    action: index % 2 === 0 ? "ALLOW" : "DENY",
    target: { kind: "Service", name: `shop/s${index >> 1}` },
    rules: [
      {
        from: [{ serviceAccounts: [`shop/a${index}`] }],
        to: [{ methods: ["GET"], paths: [`/v${index}/*`] }],
      },
    ],
  }));
}

test("a port has the policies that target it, and no others, out of 1,000 over 500 Services", () => {
  const index = new PolicyIndex(policiesOf(500).map(makePolicy));
  for (const at of [0, 250, 499]) {
    const program = index.programOf(place(at))!;
    expect([program.allows.length, program.denies.length]).toEqual([1, 1]);
  }
  expect(index.programOf(place(500))).toBeUndefined();
});

test("the same verdict is the same object: nothing is made per request", () => {
  const program = new PolicyIndex(policiesOf(2).map(makePolicy)).programOf(place(1))!;
  const denied = makeRequest({ namespace: "shop", serviceAccount: "x" });
  expect(decide(program, denied, noObserver)).toBe(decide(program, denied, noObserver));
  const allowed = makeRequest({ namespace: "shop", serviceAccount: "a2", path: "/v2/x" });
  expect(decide(program, allowed, noObserver)).toBe(program.allows[0]!.rules[0]!.matched);
});
