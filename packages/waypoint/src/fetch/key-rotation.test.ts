/**
 * An issuer that changes its keys, from its answers to the workers that verify tokens by them: main thread (KeyKeeper) and two workers
 * (KeyRing, TokenVerifier) put together as app.ts does, on a clock of the test's own (reliability J02, J03).
 */
import { silentLogger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import { seededRng } from "@waystone/base/rng";
import { authenticationFromResource } from "@waystone/engine/authentication/policy-from-resource";
import type { AuthenticationPolicy } from "@waystone/engine/authentication/policy";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import { buildPlan } from "@waystone/engine/authentication/plan";
import { authenticationMessage, testIssuer } from "@waystone/engine/authentication/testing/policy-rig";
import {
  keySetText,
  makeKey,
  makeToken,
  type SigningKey,
} from "@waystone/engine/authentication/testing/token-rig";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { describe, expect, test } from "vitest";
import type { StoredPolicy } from "../store/policies.ts";
import { KeyRing } from "../tokens/key-ring.ts";
import { TokenVerifier, type VerifyOutcome } from "../tokens/token-verifier.ts";
import { KeyKeeper } from "./key-keeper.ts";

const first = makeKey("one");
const second = makeKey("two");
const token = (key: SigningKey, header: Record<string, unknown> = {}, subject = "alice"): string =>
  makeToken(key, { header, claims: { iss: testIssuer, sub: subject } });

const jwksUri = "https://id.example.com/jwks";
const policyOf = (refreshMs: number): AuthenticationPolicy =>
  authenticationFromResource(authenticationMessage({ providers: [{ jwksUri, refreshMs }] }));
const policy = policyOf(300_000);
const plan: AuthenticationPlan = buildPlan([{ policy, level: "Service", isSectionMissing: false }])!;
const [source] = policy.jwt!.providers.map(({ keys }) => keys);
const stored: StoredPolicy = {
  name: policy.key,
  version: "1",
  generation: 1,
  createdAtSeconds: 0,
  targets: policy.targets,
  spec: { case: "authentication", authentication: policy },
};

interface Issuer {
  /** What it answers; undefined: an error. */
  serves: string | undefined;
  /** Held back until `answer` is called. */
  isSlow: boolean;
  fetches: number;
  readonly answer: () => void;
}

function open(): { clock: ManualClock; issuer: Issuer; workers: TokenVerifier[]; changes: number[] } {
  const clock = new ManualClock();
  const held: (() => void)[] = [];
  const issuer: Issuer = {
    serves: keySetText(first),
    isSlow: false,
    fetches: 0,
    answer: () => held.splice(0).forEach((go) => go()),
  };
  const changes = [0, 0];
  const keeper = new KeyKeeper({
    clock,
    rng: seededRng(1),
    logger: silentLogger,
    metrics: new MetricsRegistry(),
    client: {
      async fetchText() {
        issuer.fetches++;
        if (issuer.isSlow) await new Promise<void>((go) => held.push(go));
        if (issuer.serves === undefined) throw new Error("it answers 500");
        return issuer.serves;
      },
    },
    tell: (worker, id, text) => workers[worker]!.ring.take(id, text),
  });
  const workers = changes.map(
    (_, worker) =>
      new TokenVerifier(
        new KeyRing({
          clock,
          want: (wanted) => keeper.want(worker, wanted),
          refetch: (id) => keeper.refetch(worker, id),
          onChanged: () => void changes[worker]!++,
        }),
      ),
  );
  for (const { ring } of workers) ring.follow(new Map([[stored.name, stored]]));
  return { clock, issuer, workers, changes };
}

const verify = (worker: TokenVerifier, text: string): Promise<VerifyOutcome> =>
  new Promise((tell) => worker.verify(text, plan, tell));
const isRight = async (worker: TokenVerifier, text: string): Promise<boolean> =>
  "token" in (await verify(worker, text));

/** Verifying takes turns of the event loop that no clock counts. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((go) => setImmediate(go));
}

describe("[J02] an issuer that signs by a new key", () => {
  test("has its set fetched once, and the very tokens that showed it are let in by every worker", async () => {
    const { clock, issuer, workers } = open();
    await settled();
    clock.advance(31_000);
    issuer.serves = keySetText(first, second);
    issuer.isSlow = true;
    const asked = workers.flatMap((worker) =>
      ["alice", "bob", "carol"].map((subject) => isRight(worker, token(second, {}, subject))),
    );
    await settled();
    expect(issuer.fetches).toBe(2);
    issuer.answer();
    expect(await Promise.all(asked)).toEqual(asked.map(() => true));
    expect(issuer.fetches).toBe(2);
  });

  test("and has none of them named (kid) is fetched from as well", async () => {
    const { clock, issuer, workers } = open();
    await settled();
    clock.advance(31_000);
    issuer.serves = keySetText(second);
    expect(await isRight(workers[0]!, token(second, { kid: undefined }))).toBe(true);
  });

  test("and has left the old one out is believed: it is nobody's key any more, in each worker", async () => {
    const { clock, issuer, workers, changes } = open();
    await settled();
    const old = token(first);
    expect(await Promise.all(workers.map((worker) => isRight(worker, old)))).toEqual([true, true]);
    issuer.serves = keySetText(second);
    for (let passed = 0; passed < 340; passed += 10) {
      clock.advance(10_000);
      await settled();
    }
    const kept = workers.map(({ ring, verified }) => [
      verified.get(old) !== undefined,
      ring.keysOf(source!)!.signers.has(verified.get(old)!.signer),
    ]);
    // What is remembered of a token is judged by the keys of now (proxy/judge-credentials.ts).
    expect(kept).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(changes).toEqual([2, 2]);
    expect(await isRight(workers[0]!, token(first, {}, "dave"))).toBe(false);
  });
});

describe("[J03] tokens by keys that nobody has", () => {
  test("are refused, have a set fetched at most every 30 s, and are not waited for in between", async () => {
    const { clock, issuer, workers } = open();
    await settled();
    const forged = (n: number): string => token(makeKey(`forged-${n}`));
    for (let n = 0; n < 10; n++) expect(await isRight(workers[n % 2]!, forged(n))).toBe(false);
    expect(issuer.fetches).toBe(1);
    clock.advance(31_000);
    for (let n = 0; n < 10; n++) expect(await isRight(workers[n % 2]!, forged(n))).toBe(false);
    expect(issuer.fetches).toBe(2);
  });

  test("wait for a slow issuer in bounded number, for 5 s, and leave room for those by keys that are there", async () => {
    const { clock, issuer, workers } = open();
    await settled();
    clock.advance(31_000);
    issuer.isSlow = true;
    const [worker] = workers as [TokenVerifier];
    const key = makeKey("forged");
    let answered = 0;
    const refused = Array.from({ length: 500 }, (_, n) =>
      isRight(worker, token(key, {}, `s${n}`)).then((right) => (answered++, right)),
    );
    await settled();
    expect(answered).toBeGreaterThanOrEqual(500 - 64);
    expect(await isRight(worker, token(first, {}, "erin"))).toBe(true);
    clock.advance(5_000);
    expect((await Promise.all(refused)).filter(Boolean)).toEqual([]);
    expect(issuer.fetches).toBe(2);
  });

  test("have nothing fetched while the issuer fails: its backoff says when", async () => {
    const { clock, issuer, workers } = open();
    await settled();
    issuer.serves = undefined;
    clock.advance(31_000);
    expect(await isRight(workers[0]!, token(makeKey("a")))).toBe(false);
    clock.advance(500);
    const { fetches } = issuer;
    for (let n = 0; n < 5; n++) expect(await isRight(workers[1]!, token(makeKey(`b${n}`)))).toBe(false);
    expect(issuer.fetches).toBe(fetches);
    expect(await isRight(workers[0]!, token(first))).toBe(true);
  });
});

test("another interval alone makes a set no other: no key of it comes or goes, so that no stream ends", async () => {
  const { issuer, workers, changes } = open();
  const [worker] = workers as [TokenVerifier, TokenVerifier];
  expect(await isRight(worker, token(first))).toBe(true);
  const before = [worker.ring.keysOf(source!), [...changes], issuer.fetches];
  const later = policyOf(600_000);
  worker.ring.follow(
    new Map([[stored.name, { ...stored, spec: { case: "authentication", authentication: later } }]]),
  );
  const [same] = later.jwt!.providers.map(({ keys }) => keys);
  await settled();
  expect([worker.ring.keysOf(same!), [...changes], issuer.fetches]).toEqual(before);
  expect(worker.ring.keysOf(same!)).toBe(before[0]);
});
