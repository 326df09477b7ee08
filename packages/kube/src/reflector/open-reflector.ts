/**
 * Follows one kind: list, then watch from there, for ever. Every fault ends in one of three ways: watch again from the
 * version that is known, list anew, or wait; never in giving up, and never in removing what a complete list did not
 * declare gone. The state of the machine is the version that is known (none: list first) and how lists are made.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";
import { isServed } from "../discovery/discover.ts";
import type { KubeList } from "../kube-object.ts";
import { ApiError, errorFromThrown, isExpired, isNotFound } from "../transport/api-error.ts";
import type { Transport } from "../transport/transport.ts";
import { listPages } from "./list-pages.ts";
import { ObjectBook, type Staged } from "./object-book.ts";
import type { Reflector, ReflectorOptions } from "./reflector.ts";
import { ReflectorReport } from "./reflector-report.ts";
import { isOlder } from "./resource-version.ts";
import { RetrySchedule } from "./retry-schedule.ts";
import { describeSelection, type Selection, selectionPath, selectionQuery } from "./selection.ts";
import { StreamingList } from "./streaming-list.ts";
import type { WatchEvent } from "./watch-event.ts";
import { followWatch } from "./watch-stream.ts";

const defaultLivenessMs = 100_000;
/** A server that sends nothing of its state for so long has not understood what was asked. */
const initialSilenceMs = 10_000;
/** The server ends a watch after a time between these, so that all watches of a client do not end together. */
const watchSeconds = { min: 300, max: 600 };
const absentPollMs = 5_000;
const soonMs = 200;
/** A watch that lasted so long had nothing wrong with it, however quiet it was. */
const steadyMs = 5_000;

export function openReflector<T>(options: ReflectorOptions<T>): Reflector {
  const reflector = new ResourceReflector(options);
  reflector.start();
  return reflector;
}

class ResourceReflector<T> implements Reflector {
  readonly #transport: Transport;
  readonly #selection: Selection;
  readonly #batch: (write: () => void) => void;
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #livenessMs: number;
  readonly #book: ObjectBook<T>;
  readonly #retry: RetrySchedule;
  readonly #report: ReflectorReport;
  readonly #lists = new StreamingList();
  readonly #synced = Promise.withResolvers<void>();
  readonly #closing = new AbortController();
  #done: Promise<void> = Promise.resolve();
  #isSynced = false;
  #isServed = true;
  /** How often in a row the server was found not to know the kind. */
  #absences = 0;
  /** Before the version is used again, see that the server has come that far. */
  #mustCheckVersion = false;
  /** When the watch of this attempt was asked for. */
  #openedAt = Number.POSITIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;

  constructor(options: ReflectorOptions<T>) {
    const { transport, resource, namespace, labelSelector, fieldSelector, clock, rng } = options;
    this.#transport = transport;
    this.#selection = { resource, namespace, labelSelector, fieldSelector };
    this.#batch = options.batch ?? ((write) => write());
    this.#clock = clock;
    this.#rng = rng;
    this.#livenessMs = options.livenessMs ?? defaultLivenessMs;
    this.#retry = new RetrySchedule({ rng });
    const kind = describeSelection(this.#selection);
    this.#report = new ReflectorReport({ kind, logger: options.logger, clock, metrics: options.metrics });
    const { into, key, strip } = options;
    const onPoison = (object: string, thrown: unknown): void => this.#report.poisoned(object, thrown);
    this.#book = new ObjectBook({ into, key, strip, onPoison });
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  get isServed(): boolean {
    return this.#isServed;
  }

  start(): void {
    this.#done = this.#run();
  }

  async whenSynced(): Promise<void> {
    await this.#synced.promise;
  }

  recheck(): void {
    if (this.#absences > 0) this.#wake?.();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake?.();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) await this.#pause(await this.#attempt());
  }

  /** Follows until something ends it. Returns how long to wait before the next attempt. */
  async #attempt(): Promise<number> {
    this.#openedAt = Number.POSITIVE_INFINITY;
    try {
      await this.#checkVersion();
      if (this.#book.version === undefined && this.#lists.canStream) await this.#listStreaming();
      else {
        if (this.#book.version === undefined) await this.#listPaged();
        await this.#watch();
      }
      return this.#retry.afterEnd();
    } catch (thrown) {
      if (this.#closing.signal.aborted) return 0;
      return await this.#failed(errorFromThrown(describeSelection(this.#selection), thrown));
    }
  }

  /** State and changes in one stream (KEP-3157): the server sends what there is, marks its end, and goes on. */
  async #listStreaming(): Promise<void> {
    let staged: Staged<T> | undefined = this.#book.stage();
    const take = (events: readonly WatchEvent[]): void => {
      for (const [at, event] of events.entries()) {
        if (staged === undefined) {
          this.#takeChanges(events.slice(at));
          return;
        }
        if (event.type === "error") throw event.error;
        if (event.type === "change") this.#book.addStaged(staged, event.object, event.isDelete);
        if (event.type !== "bookmark" || !event.isInitialEnd) continue;
        const complete = staged;
        staged = undefined;
        this.#publish(() => this.#book.publish(complete, event.version));
        this.#lists.streamed();
      }
    };
    const query = { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" };
    const silenceMs = (): number => (staged === undefined ? this.#livenessMs : initialSilenceMs);
    try {
      await this.#follow(query, silenceMs, take);
    } catch (thrown) {
      if (staged !== undefined) this.#lists.failed(thrown);
      throw thrown;
    }
    if (staged !== undefined) this.#lists.ended();
  }

  async #listPaged(): Promise<void> {
    let staged = this.#book.stage();
    const version = await listPages({
      transport: this.#transport,
      selection: this.#selection,
      signal: this.#closing.signal,
      begin: () => {
        staged = this.#book.stage();
      },
      take: (object) => this.#book.addStaged(staged, object),
    });
    this.#publish(() => this.#book.publish(staged, version));
    this.#lists.paged();
  }

  async #watch(): Promise<void> {
    this.#book.beginStream();
    const query = { resourceVersion: this.#book.version };
    const take = (events: readonly WatchEvent[]): void => this.#takeChanges(events);
    await this.#follow(query, () => this.#livenessMs, take);
  }

  async #follow(
    query: Readonly<Record<string, string | boolean | undefined>>,
    silenceMs: () => number,
    take: (events: readonly WatchEvent[]) => void,
  ): Promise<void> {
    const seconds = watchSeconds.min + this.#rng.next() * (watchSeconds.max - watchSeconds.min);
    this.#openedAt = this.#clock.now();
    // Whatever ends it, time will have passed.
    this.#mustCheckVersion = true;
    await followWatch({
      transport: this.#transport,
      clock: this.#clock,
      path: selectionPath(this.#selection),
      query: {
        ...selectionQuery(this.#selection),
        watch: true,
        allowWatchBookmarks: true,
        timeoutSeconds: Math.round(seconds),
        ...query,
      },
      signal: this.#closing.signal,
      silenceMs,
      take,
    });
  }

  #takeChanges(events: readonly WatchEvent[]): void {
    let stale = 0;
    try {
      this.#batch(() => {
        for (const event of events) if (!this.#takeChange(event)) stale++;
      });
    } finally {
      this.#report.took(events.length, stale);
      this.#report.holds(this.#book.size);
    }
    this.#succeeded();
  }

  #takeChange(event: WatchEvent): boolean {
    switch (event.type) {
      case "change":
        return this.#book.apply(event.object, event.isDelete);
      case "bookmark":
        this.#refuseRegress(event.version);
        this.#book.bookmark(event.version);
        return true;
      case "error":
        throw event.error;
    }
  }

  #publish(replace: () => void): void {
    this.#batch(replace);
    this.#listedAt = this.#clock.now();
    this.#report.listed(this.#book.size);
    this.#report.holds(this.#book.size);
    if (!this.#isServed) this.#report.appeared();
    this.#isServed = true;
    this.#absences = 0;
    this.#markSynced();
    this.#succeeded();
  }

  #succeeded(): void {
    this.#retry.succeeded();
    this.#report.succeeded();
  }

  #markSynced(): void {
    this.#isSynced = true;
    this.#synced.resolve();
  }

  /**
   * A server whose database was restored has not come as far as we have: it would keep a watch from our version silent
   * until it has, and what happened until then would be lost on us. One object of a consistent read tells.
   */
  async #checkVersion(): Promise<void> {
    if (!this.#mustCheckVersion || this.#book.version === undefined) return;
    const list = await this.#transport.request<KubeList>({
      path: selectionPath(this.#selection),
      query: { ...selectionQuery(this.#selection), limit: 1 },
      signal: this.#closing.signal,
    });
    const found = list.metadata?.resourceVersion;
    if (found !== undefined) this.#noteRegress(found);
    this.#mustCheckVersion = false;
  }

  #refuseRegress(version: string): void {
    if (!this.#noteRegress(version)) return;
    throw new ApiError({
      status: 410,
      reason: "Expired",
      message: "a bookmark of an older version than the one known",
    });
  }

  #noteRegress(found: string): boolean {
    const known = this.#book.version;
    if (known === undefined || !isOlder(found, known)) return false;
    this.#report.regressed(known, found);
    this.#book.forgetVersion();
    return true;
  }

  async #failed(error: ApiError): Promise<number> {
    if (isNotFound(error)) return await this.#notFound(error);
    if (isExpired(error)) this.#book.forgetVersion();
    const waitMs = this.#waitAfter(error);
    this.#report.failed(error, this.#retry.failures, waitMs);
    return waitMs;
  }

  #waitAfter(error: ApiError): number {
    const soon = this.#rng.next() * soonMs;
    // Nothing is wrong with the server: there is another way to list.
    if (this.#lists.takeChange()) return soon;
    if (this.#clock.now() - this.#openedAt >= steadyMs) this.#retry.succeeded();
    const backoffMs = this.#retry.afterFailure(error);
    // After a silence enough time was lost. A version that expired is not the server's trouble, unless it is one just listed.
    const isOldVersion = isExpired(error) && this.#clock.now() - this.#listedAt >= steadyMs;
    const isWorthNow = error.reason === "Stalled" || isOldVersion;
    return isWorthNow && error.retryAfterMs === undefined ? soon : backoffMs;
  }

  /** 404: ask whether the kind is known at all. A server that starts answers so for a moment, hence twice before removing. */
  async #notFound(error: ApiError): Promise<number> {
    try {
      const { resource } = this.#selection;
      if (await isServed(this.#transport, resource, this.#closing.signal)) {
        this.#absences = 0;
        const waitMs = this.#retry.afterFailure(error);
        this.#report.failed(error, this.#retry.failures, waitMs);
        return waitMs;
      }
    } catch (thrown) {
      if (this.#closing.signal.aborted || isNotFound(thrown)) return absentPollMs;
      return await this.#failed(errorFromThrown("discovery", thrown));
    }
    this.#absences++;
    if (this.#book.size === 0 || this.#absences > 1) this.#markAbsent();
    return absentPollMs * (1 + this.#rng.next() / 2);
  }

  #markAbsent(): void {
    if (this.#book.size > 0) this.#batch(() => this.#book.publish(this.#book.stage(), "0"));
    this.#book.forgetVersion();
    this.#report.holds(0);
    if (this.#isServed) this.#report.absent();
    this.#isServed = false;
    this.#markSynced();
  }

  async #pause(ms: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer: Timer = this.#clock.after(ms, resolve);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    timer.cancel();
  }
}
