/** What people and machines are told of captures as they go: events on the Service at each new phase, and metrics. */
import type { Logger } from "@waystone/base/logger";
import type { Counter, MetricsRegistry } from "@waystone/base/metrics";
import type { Clock, Timer } from "@waystone/base/clock";
import type { EventNews, RecordEvent } from "@waystone/kube/events";
import type { CapturePhase } from "./capture-plan.ts";
import type { PlannedCapture } from "./capture-plans.ts";

const phases: readonly CapturePhase[] = [
  "Requested",
  "ShadowReady",
  "WaypointReady",
  "Captured",
  "Releasing",
  "Released",
];

/** How long the memory of a captured Service that was deleted is kept: delete-and-create takes less. */
const rememberedMs = 60_000;

interface Told {
  readonly phase: CapturePhase;
  /** The phase; for a Service that is not to be captured, why. */
  readonly reason: string;
  readonly uid: string | undefined;
}

export interface CaptureNewsOptions {
  readonly recordEvent: RecordEvent;
  readonly metrics: MetricsRegistry;
  readonly logger: Logger;
  readonly clock: Clock;
}

export class CaptureNews {
  readonly repairs: Counter;
  readonly #options: CaptureNewsOptions;
  readonly #told = new Map<string, Told>();
  /** Captured Services that are gone. */
  readonly #gone = new Map<string, { readonly uid: string | undefined; readonly timer: Timer }>();

  constructor(options: CaptureNewsOptions) {
    this.#options = options;
    this.repairs = options.metrics.counter(
      "waystone_capture_repairs_total",
      "captured Services whose selector or target ports somebody had changed past the admission policy",
    );
    for (const phase of phases) this.#count(phase, 0);
  }

  /** `isFirst`: as found when this leader began; an event of it was another's. */
  take(planned: PlannedCapture, isFirst: boolean): void {
    const { key, view, plan } = planned;
    const before = this.#told.get(key);
    const isRefused = plan.phase === "Released" && plan.condition !== undefined;
    const reason = isRefused ? (plan.condition?.reason ?? plan.phase) : plan.phase;
    const now: Told = { phase: plan.phase, reason, uid: view.front.metadata.uid };
    this.#told.set(key, now);
    if (before !== undefined) this.#count(before.phase, -1);
    this.#count(now.phase, 1);
    if (this.#wasRecreated(key, before, now)) this.#tellRecreated(planned);
    if (isFirst || before?.reason === reason) return;
    // Nobody asked for it, and nothing was there.
    if (before === undefined && reason === "Released") return;
    const message = plan.condition?.message ?? "put back: no waypoint serves it any more";
    this.#tell(planned, { type: isRefused ? "Warning" : "Normal", reason, action: "Capture", message });
  }

  remove(key: string): void {
    const before = this.#told.get(key);
    if (before === undefined) return;
    this.#told.delete(key);
    this.#count(before.phase, -1);
    if (before.phase !== "Captured") return;
    this.#gone.get(key)?.timer.cancel();
    const timer = this.#options.clock.after(rememberedMs, () => this.#gone.delete(key));
    this.#gone.set(key, { uid: before.uid, timer });
  }

  close(): void {
    for (const { timer } of this.#gone.values()) timer.cancel();
    for (const { phase } of this.#told.values()) this.#count(phase, -1);
    this.#told.clear();
  }

  #wasRecreated(key: string, before: Told | undefined, now: Told): boolean {
    const gone = this.#gone.get(key);
    gone?.timer.cancel();
    this.#gone.delete(key);
    const captured = before?.phase === "Captured" ? before : gone;
    return captured !== undefined && captured.uid !== now.uid;
  }

  #tellRecreated(planned: PlannedCapture): void {
    this.#tell(planned, {
      type: "Warning",
      reason: "Recreated",
      action: "Capture",
      message:
        "the captured Service was deleted and created anew: until it is captured again, its requests pass no waypoint; " +
        "change Services in place (kubectl apply, not kubectl replace --force)",
    });
  }

  #tell({ view, plan }: PlannedCapture, news: EventNews): void {
    const { namespace, name, uid } = view.front.metadata;
    this.#options.recordEvent({ apiVersion: "v1", kind: "Service", namespace, name, uid }, news);
    const fields = { service: `${namespace}/${name}`, phase: plan.phase };
    this.#options.logger.info(fields, `${news.reason}: ${news.message}`);
  }

  #count(phase: CapturePhase, change: number): void {
    const help = "Services that somebody wants captured, or that are not given back yet, by phase";
    this.#options.metrics.gauge("waystone_capture_services", help, { phase }).add(change);
  }
}
