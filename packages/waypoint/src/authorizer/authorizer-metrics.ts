/** What authorizers answered and how long it took, by policy or by the route whose filter asked. The series of either go with it. */
import {
  type Counter,
  durationBucketsMs,
  type Histogram,
  type MetricsRegistry,
} from "@waystone/base/metrics";
import type { DecidingRules } from "../store/deciding-rules.ts";

export type AuthorizerOutcome = "allowed" | "denied" | "error" | "failed_open";

const requestsName = "waystone_authorizer_requests_total";
const requestsHelp =
  "Requests that an external authorizer was asked about, by policy and outcome; error: refused because it could not be asked, failed_open: let through because of that; mode Shadow: nothing came of it.";
const durationName = "waystone_authorizer_duration_milliseconds";
const durationHelp = "How long an external authorizer took to answer, by policy.";

interface Series {
  readonly duration: Histogram;
  readonly outcomes: Map<string, Counter>;
}

export class AuthorizerMetrics {
  readonly #registry: MetricsRegistry;
  readonly #byPolicy = new Map<string, Series>();

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
  }

  record(policy: string, mode: "Enforce" | "Shadow", outcome: AuthorizerOutcome, durationMs: number): void {
    let series = this.#byPolicy.get(policy);
    if (series === undefined) {
      const duration = this.#registry.histogram(durationName, durationHelp, durationBucketsMs, { policy });
      this.#byPolicy.set(policy, (series = { duration, outcomes: new Map() }));
    }
    series.duration.record(durationMs);
    const key = `${mode} ${outcome}`;
    let counter = series.outcomes.get(key);
    if (counter === undefined) {
      counter = this.#registry.counter(requestsName, requestsHelp, { policy, mode, outcome });
      series.outcomes.set(key, counter);
    }
    counter.value++;
  }

  /** Forgets what is about policies and routes that are gone. */
  forgetGone(deciding: DecidingRules): void {
    for (const [policy, { outcomes }] of this.#byPolicy) {
      if (deciding.of(policy).size > 0) continue;
      this.#registry.drop(durationName, { policy });
      for (const key of outcomes.keys()) {
        const [mode = "", outcome = ""] = key.split(" ");
        this.#registry.drop(requestsName, { policy, mode, outcome });
      }
      this.#byPolicy.delete(policy);
    }
  }
}
