/** What a reflector tells people: log lines that say what can be done, without one line for each fault, and metrics. */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import type { ApiError } from "../transport/api-error.ts";

const failureHelp = "failed lists and watches, by what ended them";

/** A fault or two are daily life; from here on someone should know. */
const worthAWarning = 3;
const repeatMs = 60_000;

export class ReflectorReport {
  readonly #kind: string;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #metrics: MetricsRegistry;
  #warnedAt = Number.NEGATIVE_INFINITY;
  #hasWarned = false;

  constructor(options: { kind: string; logger: Logger; clock: Clock; metrics: MetricsRegistry | undefined }) {
    this.#kind = options.kind;
    this.#logger = options.logger.child({ kind: options.kind });
    this.#clock = options.clock;
    this.#metrics = options.metrics ?? new MetricsRegistry();
  }

  failed(error: ApiError, failures: number, waitMs: number): void {
    const labels = { kind: this.#kind, reason: classOf(error) };
    this.#metrics.counter("waystone_kube_failures_total", failureHelp, labels).add(1);
    const isOurs = error.status === 401 || error.status === 403;
    const fields = { error: error.message, failures, retryInMs: Math.round(waitMs) };
    if (!isOurs && failures < worthAWarning) {
      this.#logger.debug(fields, "following the API server was interrupted: trying again");
      return;
    }
    if (this.#clock.now() - this.#warnedAt < repeatMs) return;
    this.#warnedAt = this.#clock.now();
    this.#hasWarned = true;
    this.#logger.warn(
      fields,
      `can't follow ${this.#kind}: what is known of them stays as it is${hintOf(error)}`,
    );
  }

  /** Something came: whatever was wrong is over. */
  succeeded(): void {
    if (!this.#hasWarned) return;
    this.#hasWarned = false;
    this.#warnedAt = Number.NEGATIVE_INFINITY;
    this.#logger.info({}, `following ${this.#kind} again`);
  }

  listed(objects: number): void {
    this.#counter("waystone_kube_lists_total", "complete lists taken in").add(1);
    this.#logger.debug({ objects }, "complete list taken in");
  }

  took(events: number, stale: number): void {
    this.#counter("waystone_kube_events_total", "watch events taken in").add(events);
    if (stale > 0) this.#counter("waystone_kube_stale_events_total", "old watch events left out").add(stale);
  }

  holds(objects: number): void {
    this.#metrics.gauge("waystone_kube_objects", "objects followed", { kind: this.#kind }).set(objects);
  }

  absent(): void {
    this.#logger.info(
      {},
      `the API server does not serve ${this.#kind}: none for now, looking again every few seconds`,
    );
  }

  appeared(): void {
    this.#logger.info({}, `the API server serves ${this.#kind} now`);
  }

  regressed(known: string, found: string): void {
    this.#logger.warn({ known, found }, "the cluster's database went back in time (restored?): listing anew");
  }

  poisoned(object: string, thrown: unknown): void {
    this.#logger.error(
      { object, error: thrown },
      "an object can't be read: it keeps the state that was read before",
    );
  }

  misled(thrown: unknown): void {
    this.#logger.error(
      { error: thrown },
      "what follows this collection failed: it goes on, and may lack a change",
    );
  }

  #counter(name: string, help: string): { add(amount: number): void } {
    return this.#metrics.counter(name, help, { kind: this.#kind });
  }
}

/** Few and fixed, for a label. */
function classOf({ status, reason }: ApiError): string {
  if (status === 0)
    return reason === "Stalled" || reason === "Malformed" ? reason.toLowerCase() : "unanswered";
  if (status === 410) return "expired";
  if (status === 429 || status === 503) return "throttled";
  if (status === 401 || status === 403) return "forbidden";
  return status >= 500 ? "server" : "refused";
}

function hintOf({ status }: ApiError): string {
  if (status === 403) return ". grant this account get, list and watch on them";
  if (status === 401) return ". the API server does not accept this account's token";
  return "";
}
