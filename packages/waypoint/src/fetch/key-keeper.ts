/**
 * The key sets that policies have at URIs: fetched by the main thread, once for all workers, one fetch of each at a time. The last good set
 * stays for a day of failures and no longer; what has never been good is no key at all. Nothing is ever let in by a set that is not
 * the issuer's (fail closed).
 */
import { Backoff } from "@waystone/base/backoff";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Counter, MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import { parseKeySet } from "@waystone/engine/authentication/key-set";
import type { WantedKeys } from "../tokens/key-ring.ts";
import type { GuardedClient } from "./guarded-client.ts";

export interface KeyKeeperOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly client: GuardedClient;
  /** To a worker that wants it; undefined: there is nothing that may be used. */
  readonly tell: (worker: number, id: string, text: string | undefined) => void;
}

/** For how long a set is good that its issuer does not confirm. */
const lastGoodMs = 24 * 3_600_000;
/** A token that names an unknown key has the set fetched, and not more often than this. */
const refetchMs = 30_000;

interface Kept {
  wanted: WantedKeys;
  readonly by: Set<number>;
  readonly backoff: Backoff;
  text: string | undefined;
  goodAt: number;
  /** Somebody has been told something, and so is everybody who asks later. */
  isAnswered: boolean;
  fetchedAt: number;
  isUnderWay: boolean;
  /** Workers that asked for a newer set, and are told that there is none as well. */
  readonly asking: Set<number>;
  timer: Timer | undefined;
}

export class KeyKeeper {
  readonly #options: KeyKeeperOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #fetches: (result: "success" | "failure") => Counter;
  #isClosed = false;

  constructor(options: KeyKeeperOptions) {
    this.#options = options;
    const help = "Key sets fetched for AuthenticationPolicies, by result.";
    this.#fetches = (result) => options.metrics.counter("waystone_jwks_fetches_total", help, { result });
  }

  /** All that the worker wants from now on. */
  want(worker: number, wanted: readonly WantedKeys[]): void {
    const ids = new Set(wanted.map(({ id }) => id));
    for (const [id, kept] of this.#kept) if (!ids.has(id)) this.#leave(worker, id, kept);
    for (const each of wanted) this.#keep(worker, each);
  }

  /** The worker is gone. */
  leave(worker: number): void {
    for (const [id, kept] of this.#kept) this.#leave(worker, id, kept);
  }

  /** A worker has a token whose key is not in the set: it is told what there is by then, the same as before perhaps. */
  refetch(worker: number, id: string): void {
    const kept = this.#kept.get(id);
    if (kept?.by.has(worker) !== true) return;
    if (!kept.isUnderWay && !this.#mayFetch(kept)) return this.#options.tell(worker, id, kept.text);
    kept.asking.add(worker);
    if (!kept.isUnderWay) this.#fetch(id, kept);
  }

  /** While it fails, backoff says when. */
  #mayFetch({ backoff, fetchedAt }: Kept): boolean {
    return backoff.failures === 0 && this.#options.clock.now() - fetchedAt >= refetchMs;
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#kept.values()) timer?.cancel();
    this.#kept.clear();
  }

  #keep(worker: number, wanted: WantedKeys): void {
    const known = this.#kept.get(wanted.id);
    if (known !== undefined) {
      known.by.add(worker);
      this.#retime(wanted, known);
      if (known.isAnswered) this.#options.tell(worker, wanted.id, known.text);
      return;
    }
    const { rng } = this.#options;
    const kept: Kept = {
      wanted,
      by: new Set([worker]),
      backoff: new Backoff({ minMs: 1_000, maxMs: 60_000, jitter: "decorrelated", rng }),
      text: undefined,
      goodAt: 0,
      isAnswered: false,
      fetchedAt: 0,
      isUnderWay: false,
      asking: new Set(),
      timer: undefined,
    };
    this.#kept.set(wanted.id, kept);
    this.#fetch(wanted.id, kept);
  }

  /** How often it is to be fetched has changed, and nothing else of it: counted from when it was good last. */
  #retime(wanted: WantedKeys, kept: Kept): void {
    if (wanted.refreshMs === kept.wanted.refreshMs) return;
    kept.wanted = wanted;
    // What is under way, or fails, has a time of its own; the next success goes by the new one.
    if (kept.isUnderWay || kept.backoff.failures > 0) return;
    const { clock } = this.#options;
    const leftMs = Math.max(0, kept.goodAt + this.#pauseMs(kept) - clock.now());
    kept.timer?.cancel();
    kept.timer = clock.after(leftMs, () => this.#fetch(wanted.id, kept));
  }

  /** Apart by chance, so that waypoints do not ask together. */
  #pauseMs({ wanted }: Kept): number {
    return wanted.refreshMs * (0.9 + 0.2 * this.#options.rng.next());
  }

  #leave(worker: number, id: string, kept: Kept): void {
    kept.asking.delete(worker);
    if (!kept.by.delete(worker) || kept.by.size > 0) return;
    kept.timer?.cancel();
    this.#kept.delete(id);
  }

  #fetch(id: string, kept: Kept): void {
    const { clock, client } = this.#options;
    kept.timer?.cancel();
    kept.isUnderWay = true;
    kept.fetchedAt = clock.now();
    void client
      .fetchText(kept.wanted)
      .then((text) => {
        parseKeySet(text);
        return text;
      })
      .then(
        (text) => this.#settle(id, kept, () => this.#succeed(kept, text)),
        (error: unknown) => this.#settle(id, kept, () => this.#fail(kept, error)),
      );
  }

  #settle(id: string, kept: Kept, settle: () => number): void {
    kept.isUnderWay = false;
    if (this.#isClosed || this.#kept.get(id) !== kept) return;
    const before = kept.isAnswered ? kept.text : null;
    const nextMs = settle();
    kept.isAnswered = true;
    kept.timer = this.#options.clock.after(nextMs, () => this.#fetch(id, kept));
    const told = kept.text === before ? [...kept.asking] : kept.by;
    kept.asking.clear();
    for (const worker of told) this.#options.tell(worker, id, kept.text);
  }

  /** Gives back when the next fetch is due. */
  #succeed(kept: Kept, text: string): number {
    const { clock } = this.#options;
    this.#fetches("success").add(1);
    kept.backoff.reset();
    kept.text = text;
    kept.goodAt = clock.now();
    return this.#pauseMs(kept);
  }

  #fail(kept: Kept, error: unknown): number {
    const { clock, logger } = this.#options;
    this.#fetches("failure").add(1);
    const isExpired = kept.text !== undefined && clock.now() - kept.goodAt >= lastGoodMs;
    if (isExpired) kept.text = undefined;
    const retryMs = kept.backoff.nextMs();
    const left = kept.text === undefined ? "its tokens are refused" : "the last good set serves on";
    logger.warn(
      { uri: kept.wanted.uri, failures: kept.backoff.failures, retryMs: Math.round(retryMs) },
      `the key set of ${kept.wanted.uri} cannot be had: ${reasonOf(error)}; ${left}`,
    );
    return retryMs;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
