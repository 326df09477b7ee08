import { seededRng } from "@waystone/base/rng";
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import type { RetryPolicy } from "../route/route.ts";
import { backoffMs } from "./backoff.ts";
import { decideRetry, type FailedAttempt } from "./retry-decision.ts";

const stanza: RetryPolicy = { attempts: 2, backoffMs: 0, codes: [500, 503] };

function failed(change: Partial<FailedAttempt>): FailedAttempt {
  return {
    kind: "connect",
    status: 0,
    method: "GET",
    bodyReplayable: true,
    responseStarted: false,
    retries: 0,
    replacements: 0,
    ...change,
  };
}

describe("a failed attempt is made again only when that is safe and wanted (R08, Gateway API HTTPRouteRetry)", () => {
  test.for<[string, RetryPolicy | undefined, Partial<FailedAttempt>, string]>([
    ["a connect failure", stanza, { kind: "connect" }, "retry"],
    ["a connect failure of a POST: nothing was sent", stanza, { kind: "connect", method: "POST" }, "retry"],
    [
      "a refused POST: the upstream did nothing with it",
      stanza,
      { kind: "refused", method: "POST" },
      "replace",
    ],
    ["a refused POST, even without a stanza", undefined, { kind: "refused", method: "POST" }, "replace"],
    ["a third refusal", undefined, { kind: "refused", replacements: 2 }, "no"],
    ["a third refusal, with a stanza", stanza, { kind: "refused", replacements: 2 }, "retry"],
    ["a refused request whose body is lost", undefined, { kind: "refused", bodyReplayable: false }, "no"],
    ["a reset", stanza, { kind: "reset" }, "retry"],
    ["a reset of a POST: it may have been acted upon", stanza, { kind: "reset", method: "POST" }, "no"],
    ["a reset of a PUT: idempotent (RFC 9110 9.2.2)", stanza, { kind: "reset", method: "PUT" }, "retry"],
    ["a reset of a method nobody knows", stanza, { kind: "reset", method: "PATCH" }, "no"],
    ["a lower-case get is another method", stanza, { kind: "reset", method: "get" }, "no"],
    ["a per-try timeout", stanza, { kind: "timeout" }, "retry"],
    ["a per-try timeout of a POST", stanza, { kind: "timeout", method: "POST" }, "no"],
    ["a status that is named", stanza, { kind: "status", status: 503 }, "retry"],
    ["a status that is not named", stanza, { kind: "status", status: 502 }, "no"],
    ["a named status of a POST", stanza, { kind: "status", status: 503, method: "POST" }, "no"],
    ["a body of which something is lost", stanza, { kind: "connect", bodyReplayable: false }, "no"],
    ["headers that went downstream", stanza, { kind: "reset", responseStarted: true }, "no"],
    ["the last attempt", stanza, { kind: "connect", retries: 2 }, "no"],
    ["a stanza with 0 attempts", { ...stanza, attempts: 0 }, { kind: "connect" }, "no"],
    ["0 attempts and a stale connection", { ...stanza, attempts: 0 }, { kind: "stale-connection" }, "no"],
    ["0 attempts and a refusal", { ...stanza, attempts: 0 }, { kind: "refused" }, "no"],
    ["no stanza", undefined, { kind: "connect" }, "no"],
    ["no stanza, a status", undefined, { kind: "status", status: 503 }, "no"],
    ["a stale connection, even without a stanza", undefined, { kind: "stale-connection" }, "replace"],
    ["a stale connection after all retries", stanza, { kind: "stale-connection", retries: 2 }, "replace"],
    [
      "a stale connection under a POST (RFC 9112 9.3.1)",
      stanza,
      { kind: "stale-connection", method: "POST" },
      "no",
    ],
    ["a third stale connection", undefined, { kind: "stale-connection", replacements: 2 }, "no"],
    [
      "a third stale connection, with a stanza",
      stanza,
      { kind: "stale-connection", replacements: 2 },
      "retry",
    ],
  ])("%s", ([, policy, change, expected]) => {
    expect(decideRetry(policy, failed(change))).toBe(expected);
  });
});

test("the pause is never below the rule's, doubles, has jitter and ends (HTTPRouteRetry.backoff)", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60_000 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer(),
      (least, retry, seed) => {
        const pause = backoffMs(least, retry, seededRng(seed));
        const start = least === 0 ? 25 : least;
        expect(pause).toBeGreaterThanOrEqual(start);
        expect(pause).toBeLessThanOrEqual(1.5 * Math.max(start, Math.min(10_000, start * 2 ** (retry - 1))));
      },
    ),
  );
  const pauses = [1, 2, 3, 4].map((retry) => backoffMs(100, retry, { next: () => 0 }));
  expect(pauses).toEqual([100, 200, 400, 800]);
});
