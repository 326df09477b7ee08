import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock, Timer } from "@waystone/base/clock";
import { createLogger, silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { child } from "@waystone/testkit/faulty-api-server/json";
import { type ApiWorld, openApiWorld } from "../testing/api-world.ts";
import { ApiError } from "../transport/api-error.ts";
import type { Transport } from "../transport/transport.ts";
import { followLease } from "./follow-lease.ts";
import type { LeaderElection, LeaderElectionOptions } from "./leader-election.ts";
import { openLeaderElection } from "./open-leader-election.ts";

/** One replica: it can be cut off, stopped (SIGSTOP), and its wall clock may be wrong. */
class Candidate implements Clock {
  readonly identity: string;
  readonly election: LeaderElection;
  readonly told: string[] = [];
  isCutOff = false;
  #isStopped = false;
  #held: (() => void)[] = [];
  readonly #skewMs: number;

  constructor(identity: string, options: Partial<LeaderElectionOptions> & { skewMs?: number } = {}) {
    this.identity = identity;
    this.#skewMs = options.skewMs ?? 0;
    this.election = openLeaderElection({
      transport: this.#transport(),
      namespace: "waystone-system",
      name: "waystone",
      identity,
      clock: this,
      rng: seededRng(identity.charCodeAt(0)),
      logger: silentLogger,
      onElected: () => void this.told.push("elected"),
      onLost: () => void this.told.push("lost"),
      ...options,
    });
  }

  now(): number {
    return world.clock.now();
  }

  wallMs(): number {
    return world.clock.wallMs() + this.#skewMs;
  }

  after(delayMs: number, run: () => void): Timer {
    return world.clock.after(delayMs, () => this.#whenRunning(run));
  }

  every(periodMs: number, run: () => void): Timer {
    return world.clock.every(periodMs, () => this.#whenRunning(run));
  }

  stop(): void {
    this.#isStopped = true;
  }

  proceed(): void {
    this.#isStopped = false;
    const held = this.#held;
    this.#held = [];
    for (const run of held) run();
  }

  #whenRunning(run: () => void): void {
    if (this.#isStopped) this.#held.push(run);
    else run();
  }

  #transport(): Transport {
    const request = async <T>(asked: Parameters<Transport["request"]>[0]): Promise<T> => {
      if (this.isCutOff) throw new ApiError({ status: 0, reason: "Unreachable", message: "cut off" });
      return await world.transport.request<T>(asked);
    };
    const { namespace } = world.transport;
    return {
      namespace,
      request,
      stream: (asked) => world.transport.stream(asked),
      close: () => Promise.resolve(),
    };
  }
}

let world: ApiWorld;
let candidates: Candidate[];

beforeEach(async () => {
  world = await openApiWorld();
  candidates = [];
});

afterEach(async () => {
  world.server.calm();
  for (const each of candidates) {
    each.proceed();
    each.isCutOff = false;
  }
  await Promise.all(candidates.map(({ election }) => election.close()));
  await world.close();
});

function stand(identity: string, options?: ConstructorParameters<typeof Candidate>[1]): Candidate {
  const candidate = new Candidate(identity, options);
  candidates.push(candidate);
  return candidate;
}

function watching(): Parameters<typeof followLease>[1] {
  const { clock, transport } = world;
  const at = { namespace: "waystone-system", name: "waystone" };
  return { transport, clock, ...at, rng: seededRng(1), logger: silentLogger };
}

const leaders = (): readonly string[] =>
  candidates.filter(({ election }) => election.isLeader).map(({ identity }) => identity);

const spec = (...path: readonly string[]) =>
  child(world.server.get("leases", "waystone-system/waystone"), "spec", ...path);

async function twoStanding(): Promise<readonly [Candidate, Candidate]> {
  const a = stand("a");
  await world.settle();
  const b = stand("b");
  await world.pass(5_000);
  expect(leaders()).toEqual(["a"]);
  return [a, b];
}

describe("one of several", () => {
  test("is leader, and stays it by renewing every two seconds", async () => {
    const [a, b] = await twoStanding();
    await world.pass(120_000);
    expect(leaders()).toEqual(["a"]);
    expect([a.told, b.told]).toEqual([["elected"], []]);
    expect(b.election.holder).toBe("a");
    expect(spec("leaseDurationSeconds")).toBe(15);
    expect(spec("leaseTransitions")).toBe(0);
  });

  test("is chosen by the API server where all ask at once", async () => {
    for (const name of ["a", "b", "c"]) stand(name);
    await world.pass(3_000);
    expect(leaders()).toHaveLength(1);
  });

  test("with clocks that differ by hours: no one's wall clock matters", async () => {
    stand("a", { skewMs: -7_200_000 });
    await world.settle();
    stand("b", { skewMs: 7_200_000 });
    await world.pass(60_000);
    expect(leaders()).toEqual(["a"]);
  });
});

describe("the next takes over", () => {
  test("at once when the leader shuts down: it has stopped its work, then let the lease go", async () => {
    const order: string[] = [];
    const a = stand("a", {
      onLost: async () => {
        await Promise.resolve();
        order.push(`stopped while ${JSON.stringify(spec("holderIdentity"))} holds it`);
      },
    });
    await world.settle();
    const b = stand("b");
    await world.pass(5_000);
    const follower = followLease(b.election, watching());
    await world.settle();
    await a.election.close();
    await world.settle();
    expect(order).toEqual(['stopped while "a" holds it']);
    expect(leaders()).toEqual(["b"]);
    expect(spec("leaseTransitions")).toBe(0);
    await follower.close();
  });

  test("within 2.4 s of a shutdown without watching the lease", async () => {
    const [a] = await twoStanding();
    await a.election.close();
    expect(await world.passUntil(() => leaders().length > 0, "b is leader")).toBeLessThanOrEqual(2_400);
  });

  test("within 15 s of a crash where the lease is watched, and not before the lease has run out", async () => {
    const [a, b] = await twoStanding();
    const follower = followLease(b.election, watching());
    await world.pass(4_000);
    a.stop();
    const tookMs = await world.passUntil(() => b.election.isLeader, "b is leader");
    expect(tookMs).toBeGreaterThanOrEqual(12_900);
    expect(tookMs).toBeLessThanOrEqual(15_000);
    await follower.close();
  });

  test("after a leader was cut off: it stops 10 s after its last renewal, the other begins after 15 s", async () => {
    const [a, b] = await twoStanding();
    a.isCutOff = true;
    const stoppedMs = await world.passUntil(() => !a.election.isLeader, "a has stopped");
    expect(stoppedMs).toBeLessThanOrEqual(10_000);
    expect(a.told).toEqual(["elected", "lost"]);
    expect(leaders()).toEqual([]);
    await world.passUntil(() => b.election.isLeader, "b is leader");
    a.isCutOff = false;
    await world.pass(30_000);
    expect(leaders()).toEqual(["b"]);
  });

  test("of a stopped process, which knows when it goes on that it no longer leads, before any timer has run", async () => {
    const [a, b] = await twoStanding();
    a.stop();
    await world.passUntil(() => b.election.isLeader, "b is leader");
    expect(a.election.isLeader).toBe(false);
    a.proceed();
    await world.pass(5_000);
    expect(leaders()).toEqual(["b"]);
    expect(a.told).toEqual(["elected", "lost"]);
  });

  test("when someone writes another name into the lease: the leader yields at its next renewal", async () => {
    const [a] = await twoStanding();
    const lease = world.server.get("leases", "waystone-system/waystone")!;
    world.server.put("leases", { ...lease, spec: { ...Object(lease["spec"]), holderIdentity: "someone" } });
    await world.pass(2_000);
    expect(a.election.isLeader).toBe(false);
    expect(a.told).toEqual(["elected", "lost"]);
    await world.passUntil(() => leaders().length === 1, "one is leader again");
  });
});

describe("a leader goes on", () => {
  test("when its lease is deleted, and no standby takes that for a release", async () => {
    const [a, b] = await twoStanding();
    world.server.remove("leases", "waystone-system/waystone");
    b.election.poke();
    await world.settle();
    expect(leaders()).toEqual(["a"]);
    await world.pass(30_000);
    expect(a.told).toEqual(["elected"]);
    expect(b.told).toEqual([]);
  });

  test("when someone annotates the lease", async () => {
    const [a] = await twoStanding();
    const lease = world.server.get("leases", "waystone-system/waystone")!;
    world.server.put("leases", {
      ...lease,
      metadata: { ...Object(lease["metadata"]), annotations: { a: "b" } },
    });
    await world.pass(10_000);
    expect(a.told).toEqual(["elected"]);
  });

  test("through errors shorter than the deadline", async () => {
    const [a] = await twoStanding();
    for (let at = 0; at < 3; at++)
      world.server.faults.add("write", { type: "status", status: 500 }, "leases");
    await world.pass(30_000);
    expect(a.told).toEqual(["elected"]);
  });

  test("when one renewal gets no answer", async () => {
    const [a] = await twoStanding();
    world.server.faults.add("write", { type: "hang" }, "leases");
    await world.pass(30_000);
    expect(a.told).toEqual(["elected"]);
  });
});

describe("without permission", () => {
  test("nobody is leader, the log says once what to grant, and it works once granted", async () => {
    const lines: string[] = [];
    const logger = createLogger({ level: "warn", stream: { write: (line) => void lines.push(line) } });
    world.server.forbids = (_method, { kind }) => kind.plural === "leases";
    stand("a", { logger });
    await world.pass(60_000);
    expect(leaders()).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("grant this account get, create and update on leases there");
    world.server.forbids = () => false;
    await world.passUntil(() => leaders().length === 1, "a is leader");
  });
});

test("an end leaves no timer", async () => {
  const a = stand("a");
  await world.settle();
  await a.election.close();
  expect(world.clock.pending).toBe(0);
});

const seeds = Array.from({ length: process.env["WAYSTONE_LONG"] === "1" ? 60 : 4 }, (_, at) => at + 1);
test.for(seeds)("never two, whoever is cut off, stopped or restarted (seed %i)", async (seed) => {
  const rng = seededRng(seed);
  for (const name of ["a", "b", "c"]) stand(name, { skewMs: (rng.next() - 0.5) * 20_000 });
  const changes = 60;
  const closing: Promise<void>[] = [];
  let failovers = 0;
  let last: string | undefined;
  // Asked at every moment at which anything happens.
  const check = (): void => {
    const now = leaders();
    expect(
      now.length,
      `leaders at ${world.clock.now()} with seed ${seed}: ${now.join(", ")}`,
    ).toBeLessThanOrEqual(1);
    if (now[0] !== undefined && now[0] !== last) {
      failovers++;
      last = now[0];
    }
  };
  for (let at = 0; at < changes; at++) {
    const candidate = candidates[Math.floor(rng.next() * candidates.length)]!;
    const leader = candidates.find(({ election }) => election.isLeader) ?? candidate;
    const kind = rng.next();
    if (kind < 0.3) leader.isCutOff = true;
    else if (kind < 0.5) leader.stop();
    else if (kind < 0.6) world.server.faults.add("write", { type: "hang" });
    else if (kind < 0.7) closing.push(leader.election.close());
    for (const each of candidates) {
      if (rng.next() < 0.4) each.isCutOff = false;
      if (rng.next() < 0.4) each.proceed();
    }
    if (kind >= 0.6 && kind < 0.7) {
      candidates.splice(candidates.indexOf(leader), 1);
      stand(`${leader.identity}'`);
    }
    await world.pass(1 + rng.next() * 20_000, check);
  }
  await Promise.all(closing);
  expect(failovers).toBeGreaterThan(3);
});
