/**
 * Follows one kind: list, then watch from there, for ever. Every fault ends in one of three ways: watch again from the
 * version that is known, list anew, or wait; never in giving up, and never in removing what a complete list did not
 * declare gone. The state of the machine is the version that is known (none: list first) and how lists are made.
 */
import type { Clock } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";
import type { KubeList } from "../kube-object.ts";
import { type ApiError, errorFromThrown, isExpired, isNotFound } from "../transport/api-error.ts";
import type { Transport } from "../transport/transport.ts";
import { FollowedKind } from "./followed-kind.ts";
import { InitialState } from "./initial-state.ts";
import { KindPresence } from "./kind-presence.ts";
import { listPages } from "./list-pages.ts";
import type { Reflector, ReflectorOptions } from "./reflector.ts";
import { ReflectorReport } from "./reflector-report.ts";
import { RetrySchedule } from "./retry-schedule.ts";
import { describeSelection, type Selection, selectionPath, selectionQuery, watchQuery } from "./selection.ts";
import { StreamingList } from "./streaming-list.ts";
import type { WatchEvent } from "./watch-event.ts";
import { followWatch, type WatchOptions } from "./watch-stream.ts";

const defaultLivenessMs = 100_000;
/** A server that sends nothing of its state for so long has not understood what was asked. */
const initialSilenceMs = 10_000;
const absentPollMs = 5_000;
const doubtPollMs = 2_000;
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
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #livenessMs: number;
  readonly #kind: FollowedKind<T>;
  readonly #retry: RetrySchedule;
  readonly #report: ReflectorReport;
  readonly #lists = new StreamingList();
  readonly #presence: KindPresence;
  readonly #onForbidden: (isForbidden: boolean) => void;
  #isForbidden = false;
  readonly #closing = new AbortController();
  #done: Promise<void> = Promise.resolve();
  /** Before the version is used again, see that the server has come that far. */
  #mustCheckVersion = false;
  /** When the watch of this attempt was asked for. */
  #openedAt = Number.POSITIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;

  constructor(options: ReflectorOptions<T>) {
    const { transport, resource, namespace, labelSelector, fieldSelector, clock, rng, logger, metrics } =
      options;
    const { into, key, strip, batch = (write: () => void): void => write() } = options;
    this.#transport = transport;
    this.#selection = { resource, namespace, labelSelector, fieldSelector };
    this.#clock = clock;
    this.#rng = rng;
    this.#livenessMs = options.livenessMs ?? defaultLivenessMs;
    this.#retry = new RetrySchedule({ rng, refusedMaxMs: options.refusedMaxMs });
    this.#onForbidden = options.onForbidden ?? (() => {});
    this.#presence = new KindPresence({ transport, resource });
    this.#report = new ReflectorReport({ kind: describeSelection(this.#selection), logger, clock, metrics });
    this.#kind = new FollowedKind({ into, key, strip, batch, report: this.#report });
  }

  get isSynced(): boolean {
    return this.#kind.isSynced;
  }

  get isServed(): boolean {
    return this.#kind.isServed;
  }

  start(): void {
    this.#done = this.#run();
  }

  async whenSynced(): Promise<void> {
    await this.#kind.synced;
  }

  recheck(): void {
    if (this.#presence.isInDoubt) this.#wake?.();
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
      const mustList = this.#kind.book.version === undefined;
      if (mustList && this.#lists.canStream) await this.#listStreaming();
      else {
        if (mustList) await this.#listPaged();
        await this.#watch();
      }
      return this.#retry.afterEnd();
    } catch (thrown) {
      if (this.#closing.signal.aborted) return 0;
      return await this.#failed(errorFromThrown(describeSelection(this.#selection), thrown));
    }
  }

  async #listStreaming(): Promise<void> {
    const onComplete = (publish: () => void): void => {
      this.#publish(publish);
      this.#lists.streamed();
    };
    const state = new InitialState({ book: this.#kind.book, onComplete });
    try {
      await this.#follow({
        query: { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" },
        silenceMs: () => (state.isComplete ? this.#livenessMs : initialSilenceMs),
        take: (events) => this.#takeChanges(state.take(events)),
      });
    } catch (thrown) {
      if (!state.isComplete) this.#lists.failed(thrown);
      throw thrown;
    }
    if (!state.isComplete) this.#lists.ended();
  }

  async #listPaged(): Promise<void> {
    const { book } = this.#kind;
    let staged = book.stage();
    const version = await listPages({
      transport: this.#transport,
      selection: this.#selection,
      signal: this.#closing.signal,
      begin: () => {
        staged = book.stage();
      },
      take: (object) => book.addStaged(staged, object),
    });
    this.#publish(() => book.publish(staged, version));
    this.#lists.paged();
  }

  async #watch(): Promise<void> {
    const { book } = this.#kind;
    book.beginStream();
    await this.#follow({
      query: { resourceVersion: book.version },
      silenceMs: () => this.#livenessMs,
      take: (events) => this.#takeChanges(events),
    });
  }

  async #follow({
    query,
    silenceMs,
    take,
  }: Pick<WatchOptions, "query" | "silenceMs" | "take">): Promise<void> {
    this.#openedAt = this.#clock.now();
    // Whatever ends it, time will have passed.
    this.#mustCheckVersion = true;
    await followWatch({
      transport: this.#transport,
      clock: this.#clock,
      path: selectionPath(this.#selection),
      query: { ...watchQuery(this.#selection, this.#rng), ...query },
      signal: this.#closing.signal,
      silenceMs,
      take,
    });
  }

  #takeChanges(events: readonly WatchEvent[]): void {
    if (events.length === 0) return;
    this.#kind.take(events);
    this.#succeeded();
  }

  #publish(replace: () => void): void {
    this.#listedAt = this.#clock.now();
    this.#presence.seen();
    this.#kind.publish(replace);
    this.#succeeded();
  }

  #succeeded(): void {
    this.#retry.succeeded();
    this.#report.succeeded();
    if (this.#isForbidden) this.#onForbidden(false);
    this.#isForbidden = false;
  }

  /**
   * A server whose database was restored has not come as far as we have: it would keep a watch from our version silent
   * until it has, and what happened until then would be lost on us. One object of a consistent read tells.
   */
  async #checkVersion(): Promise<void> {
    if (!this.#mustCheckVersion || this.#kind.book.version === undefined) return;
    const list = await this.#transport.request<KubeList>({
      path: selectionPath(this.#selection),
      query: { ...selectionQuery(this.#selection), limit: 1 },
      signal: this.#closing.signal,
    });
    const found = list.metadata?.resourceVersion;
    if (found !== undefined) this.#kind.noteRegress(found);
    this.#mustCheckVersion = false;
  }

  async #failed(error: ApiError): Promise<number> {
    if (isNotFound(error)) return await this.#notFound(error);
    if (isExpired(error)) this.#kind.book.forgetVersion();
    if (error.status === 403) {
      this.#isForbidden = true;
      this.#onForbidden(true);
    }
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
    // After a silence enough time was lost. A version that expired is not the server's trouble, unless it was just listed.
    const isOldVersion = isExpired(error) && this.#clock.now() - this.#listedAt >= steadyMs;
    const isWorthNow = error.reason === "Stalled" || isOldVersion;
    return isWorthNow && error.retryAfterMs === undefined ? soon : backoffMs;
  }

  /** 404: of the kind, or of a server that is not ready to tell. */
  async #notFound(error: ApiError): Promise<number> {
    const { signal } = this.#closing;
    try {
      const presence = await this.#presence.look(this.#kind.book.size > 0, signal);
      if (presence === "absent") this.#kind.markAbsent();
      if (presence !== "served") {
        return (presence === "absent" ? absentPollMs : doubtPollMs) * (1 + this.#rng.next() / 2);
      }
    } catch (thrown) {
      return signal.aborted ? 0 : await this.#failed(errorFromThrown("discovery", thrown));
    }
    const waitMs = this.#retry.afterFailure(error);
    this.#report.failed(error, this.#retry.failures, waitMs);
    return waitMs;
  }

  async #pause(ms: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.after(ms, resolve);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    timer.cancel();
  }
}
