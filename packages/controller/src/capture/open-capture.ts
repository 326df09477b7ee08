/**
 * Carries captures out: a task of the leader. Each Service's plan is acted on by itself, one step at a time; the watch brings
 * the result of a step back, the plan is made anew, and so on until it has nothing to do. Stopped anywhere, the next leader
 * goes on from what the objects say.
 */
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { Collection, Event, SourceCollection } from "@waystone/collection/collection";
import type { RecordEvent } from "@waystone/kube/events";
import { isConflict } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { openWorkQueue, type WorkQueue } from "@waystone/kube/work-queue";
import type { SourcedObject } from "../model/sources.ts";
import { CaptureNews } from "./capture-news.ts";
import type { CaptureMemory, PlannedCapture } from "./capture-plans.ts";
import { pointedAt } from "./capture-wish.ts";
import { carryOutStep, describeStep, type StepResult } from "./carry-out-step.ts";
import { Expectations, frontAtLeast } from "./expectations.ts";
import { FrontPace } from "./front-pace.ts";
import { openGatewayFinalizers } from "./gateway-finalizers.ts";
import { LingerTimers } from "./linger-timers.ts";
import { PortAllocator } from "./port-allocator.ts";
import { holdingsOf } from "./port-holdings.ts";
import { giveBackFront } from "./write-front.ts";

export interface CaptureOptions {
  readonly transport: Transport;
  readonly plans: Collection<PlannedCapture>;
  /** The one that the plans are made with; emptied when this ends. */
  readonly memory: SourceCollection<CaptureMemory>;
  readonly gateways: Collection<SourcedObject<Gateway>>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly recordEvent: RecordEvent;
}

/** While all waypoint ports are taken: how often somebody looks whether one is free again. */
const exhaustedMs = 10_000;
/** Failures in a row after which people are told. */
const toldAfter = 3;
const longestFailure = 300;

export function openCapture(options: CaptureOptions): { close(): Promise<void> } {
  return new CaptureTask(options);
}

class CaptureTask {
  readonly #options: CaptureOptions;
  readonly #allocator: PortAllocator;
  readonly #expectations: Expectations;
  readonly #pace: FrontPace;
  readonly #news: CaptureNews;
  readonly #lingers: LingerTimers;
  readonly #queue: WorkQueue;
  readonly #finalizers: { close(): Promise<void> };
  readonly #stopPlans: () => void;
  /** Fronts, by uid, of which no field is ours any more. */
  readonly #givenBack = new Set<string>();
  #isClosed = false;

  constructor(options: CaptureOptions) {
    const { plans, clock, rng } = options;
    this.#options = options;
    this.#allocator = new PortAllocator({ clock, rng });
    this.#expectations = new Expectations(clock);
    this.#pace = new FrontPace(clock);
    this.#news = new CaptureNews(options);
    this.#lingers = new LingerTimers(clock, (key, lingered) => this.#remember(key, { lingered }));
    this.#queue = openWorkQueue({
      work: async (key) => await this.#work(key),
      onFailure: (key, thrown, failures, retryMs) => this.#onFailure(key, thrown, failures, retryMs),
      clock,
      rng,
    });
    // Ports are known from all Services before the first is worked on: the queue begins in a turn of its own.
    let isFirst = true;
    this.#stopPlans = plans.subscribe((events) => this.#onPlans(events, isFirst), { replay: true });
    isFirst = false;
    this.#finalizers = openGatewayFinalizers(options);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopPlans();
    this.#lingers.close();
    await Promise.all([this.#queue.close(), this.#finalizers.close()]);
    this.#news.close();
    this.#options.memory.replaceAll([]);
  }

  #onPlans(events: readonly Event<PlannedCapture>[], isFirst: boolean): void {
    for (const event of events) {
      if (event.type === "delete") this.#forget(event.before);
      else {
        const { item } = event;
        this.#allocator.hold(item.key, holdingsOf(item.view));
        this.#news.take(item, isFirst);
        this.#lingers.take(item.key, item.plan.step);
        this.#queue.add(item.key);
      }
    }
  }

  #forget({ key, view }: PlannedCapture): void {
    this.#allocator.hold(key, []);
    this.#news.remove(key);
    this.#lingers.stop(key);
    this.#expectations.forget(key);
    this.#pace.forget(key);
    this.#givenBack.delete(view.front.metadata.uid ?? "");
    this.#options.memory.delete(key);
  }

  async #work(key: string): Promise<void> {
    const planned = this.#options.plans.get(key);
    if (planned === undefined) return;
    const waitMs = this.#expectations.waitMs(planned.view);
    if (waitMs > 0) {
      this.#queue.addAfter(key, waitMs);
      return;
    }
    if (await this.#giveBack(planned)) return;
    const { uid = "" } = planned.view.front.metadata;
    const { step } = planned.plan;
    if (step.do === "write-front" || step.do === "restore-front") {
      const paceMs = this.#pace.waitMs(key);
      if (paceMs > 0) {
        this.#queue.addAfter(key, paceMs);
        return;
      }
      this.#pace.wrote(key);
      this.#givenBack.delete(uid);
    }
    const result = await carryOutStep({ ...this.#options, allocator: this.#allocator }, planned);
    this.#givenBack.add(uid);
    this.#onDone(planned, result);
  }

  /** True: it wrote, and the plan is to be made anew. */
  async #giveBack({ key, view }: PlannedCapture): Promise<boolean> {
    const { front, shadow } = view;
    const { uid = "" } = front.metadata;
    if (this.#givenBack.has(uid)) return false;
    if (shadow === undefined && pointedAt(view) === undefined) return false;
    const given = await giveBackFront(this.#options.transport, front);
    this.#givenBack.add(uid);
    if (given.is !== "written") return false;
    this.#expectations.expect(key, frontAtLeast(given.front));
    return true;
  }

  #onDone({ key, view, plan }: PlannedCapture, { isWritten, expects, exhausted }: StepResult): void {
    if (this.#options.plans.get(key) === undefined) return;
    if (expects !== undefined) {
      this.#expectations.expect(key, expects);
      // It may have been seen before it was answered.
      this.#queue.add(key);
    }
    if (isWritten) {
      const { step } = plan;
      this.#options.logger.debug({ service: key, phase: plan.phase }, `${key}: ${describeStep(step)}`);
      if (step.do === "write-front" && step.why === "repair") this.#news.repairs.add(1);
      this.#remember(key, { lingered: undefined });
    }
    // Whatever failed before is done, or is not needed any more.
    if (this.#options.memory.get(key)?.failure !== undefined) this.#remember(key, { failure: undefined });
    if (exhausted.length > 0) this.#tellExhausted(key, view.key, exhausted);
  }

  #tellExhausted(key: string, service: string, ports: readonly number[]): void {
    const text = `no waypoint port is free for port ${ports.join(", ")} of ${service}: all of 10000-29999 are taken; use another waypoint`;
    this.#remember(key, { exhausted: text });
    this.#options.clock.after(exhaustedMs, () => this.#remember(key, { exhausted: undefined }));
  }

  #onFailure(key: string, thrown: unknown, failures: number, retryMs: number): void {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    // Others write too: the plan is made anew from what they wrote.
    const level = isConflict(thrown) && failures < toldAfter ? "debug" : "warn";
    this.#options.logger[level](
      { service: key, failures, retryMs },
      `capture of ${key}: a step failed: ${text}`,
    );
    if (failures >= toldAfter) this.#remember(key, { failure: text.slice(0, longestFailure) });
  }

  #remember(key: string, change: Partial<Omit<CaptureMemory, "key">>): void {
    const { memory, plans } = this.#options;
    if (this.#isClosed || plans.get(key) === undefined) return;
    const before = memory.get(key) ?? { key, lingered: undefined, exhausted: undefined, failure: undefined };
    const after = { ...before, ...change };
    const isEmpty =
      after.lingered === undefined && after.exhausted === undefined && after.failure === undefined;
    if (isEmpty) memory.delete(key);
    else memory.set(after);
  }
}
