/**
 * The workers, as one: a delta goes to all and is done when all run it; metrics and dumps are gathered from all; a worker
 * that dies is replaced, and its replacement runs everything before it listens. Lives in the main thread.
 */
import type { ResourceLimits } from "node:worker_threads";
import type { Clock } from "@waystone/base/clock";
import type { Logger, LogLevel } from "@waystone/base/logger";
import { readDescriptorLimit } from "@waystone/base/descriptor-limit";
import { readMemoryLimit } from "@waystone/base/memory-limit";
import type { Family, MetricsRegistry } from "@waystone/base/metrics";
import type { ApplyDelta, Rejected, ResourceDelta } from "@waystone/xds/resource";
import type { WaypointSettings } from "../settings.ts";
import { listenKey } from "../store/listen-key.ts";
import type { WantedKeys } from "../tokens/key-ring.ts";
import { Gatherer } from "./gathering.ts";
import { heapLimits } from "./heap-limits.ts";
import { HeldResources } from "./held-resources.ts";
import { packDeltas } from "./pack-deltas.ts";
import { PortGate } from "./port-gate.ts";
import type { ProbePort } from "./port-probe.ts";
import type { PortProblem } from "./port-problem.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { Pushes } from "./pushes.ts";
import type { WorkerLoss } from "./worker-loss.ts";
import { WorkerMetrics } from "./worker-metrics.ts";
import { workerShare } from "./worker-share.ts";
import { WorkerSlot } from "./worker-slot.ts";

export interface SupervisorOptions {
  readonly workers: number;
  /** "<namespace>/<gateway>" of the waypoint that we are; "" where we are all of them. */
  readonly ownWaypoint: string;
  readonly settings: WaypointSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the main thread. */
  readonly metrics: MetricsRegistry;
  readonly accessLog: AccessLogSink;
  readonly onSubscribe: (worker: number, address: string) => void;
  readonly onForget: (worker: number, address: string) => void;
  /** All the key sets that the worker wants to be fetched. */
  readonly onWantKeys: (worker: number, wanted: readonly WantedKeys[]) => void;
  readonly onRefetchKeys: (worker: number, id: string) => void;
  /** The worker and all it asked about are gone. */
  readonly onWorkerLost: (worker: number) => void;
  readonly onPortProblems: (problems: readonly PortProblem[]) => void;
  /** The module that a worker runs; worker-main.ts unless told. */
  readonly entry?: URL;
  readonly limits?: ResourceLimits;
  readonly probe?: ProbePort;
}

/** Gets whole lines, each ended by a newline. Where it answers with a promise, that resolves when the lines are written. */
export interface AccessLogSink {
  write(lines: string): unknown;
}

/** How long a scrape waits for a busy worker; a dump is larger and rarer. */
const collectMs = 1_000;
const dumpMs = 10_000;
/** How long an acknowledgement waits for the ports that the delta brought. */
const openMs = 2_000;
/** Losses in a row at start-up after which the workers are given up: the reason will not go away. */
const hopelessLosses = 3;

export class Supervisor {
  readonly held = new HeldResources();
  readonly ports: PortGate;
  readonly #options: SupervisorOptions;
  readonly #slots: readonly WorkerSlot[];
  readonly #metrics = new WorkerMetrics();
  readonly #families: Gatherer<readonly Family[]>;
  readonly #dumps: Gatherer<unknown>;
  readonly #pushes: Pushes;
  readonly #drained = new Set<number>();
  #settings: WaypointSettings;
  /** The end of the queue of deltas. */
  #tail: Promise<void> = Promise.resolve();
  #isListening = false;
  #isLeaving = false;
  #isDraining = false;
  #started: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #whenDrained: (() => void) | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#families = new Gatherer(options.clock);
    this.#dumps = new Gatherer(options.clock);
    const memoryLimit = readMemoryLimit();
    const limits = options.limits ?? heapLimits(memoryLimit, options.workers);
    const share = workerShare(limits, memoryLimit, readDescriptorLimit(), options.workers);
    const entry = options.entry ?? new URL("./worker-main.ts", import.meta.url);
    this.#slots = Array.from(
      { length: options.workers },
      (_, id) =>
        new WorkerSlot({
          id,
          entry,
          limits,
          share,
          ownWaypoint: options.ownWaypoint,
          clock: options.clock,
          settings: () => this.#settings,
          onMessage: (slot, message) => this.#receive(slot, message),
          onLost: (slot, loss, retryMs) => this.#lost(slot, loss, retryMs),
        }),
    );
    this.#pushes = new Pushes({ slots: this.#slots, held: this.held, clock: options.clock });
    this.ports = new PortGate({
      clock: options.clock,
      logger: options.logger,
      ...(options.probe === undefined ? {} : { probe: options.probe }),
      onHold: (places) => this.#postAll({ type: "hold", places }),
      onReopen: (worker, place) => this.#reopen(worker, place),
      onProblems: options.onPortProblems,
    });
  }

  /** Resolves when every worker is up; rejects where they keep dying before they are. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
      for (const slot of this.#slots) slot.open();
    });
  }

  /** See ApplyDelta. Deltas are taken one after the other, in the order of the calls. */
  readonly apply: ApplyDelta = (delta) => {
    const done = this.#tail.then(() => this.#applyNext(delta));
    this.#tail = done.then(
      () => {},
      () => {},
    );
    return done;
  };

  /** An answer for one worker alone, about an address that another asked about before. */
  give(worker: number, delta: ResourceDelta): void {
    this.#slots[worker]?.post({ type: "apply", sequence: 0, deltas: packDeltas([delta]) });
  }

  /** What there is of a key set that the worker wants. */
  giveKeys(worker: number, id: string, text: string | undefined): void {
    this.#slots[worker]?.post({ type: "keys", id, text });
  }

  /** Opens the ports of everything applied, now and from now on. Resolves when they are open, or have failed to. */
  async listen(): Promise<void> {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#postAll({ type: "listen" });
    await this.#opened(this.ports.places);
  }

  /**
   * What serving waits for; empty: nothing. All workers at first; later one is enough, as a worker that is being replaced
   * must not take those that serve out of the endpoints.
   */
  get waitingFor(): readonly string[] {
    const absent = this.#slots.filter(({ state }) => state !== "running");
    if (this.#isListening && absent.length < this.#slots.length) return [];
    return absent.map(({ id, state }) => `worker ${id} is ${state}`);
  }

  async collect(): Promise<Family[]> {
    const answers = await this.#families.gather(this.#running(), collectMs, (worker, sequence) =>
      this.#slots[worker]?.post({ type: "collect", sequence }),
    );
    for (const [worker, families] of answers) this.#metrics.take(worker, families);
    return this.#metrics.merged();
  }

  /** What each worker runs, by worker; one that does not answer in time is left out. */
  dump(): Promise<ReadonlyMap<number, unknown>> {
    return this.#dumps.gather(this.#running(), dumpMs, (worker, sequence) =>
      this.#slots[worker]?.post({ type: "dump", sequence }),
    );
  }

  setLogLevel(level: LogLevel): void {
    this.#settings = { ...this.#settings, logLevel: level };
    this.#postAll({ type: "log-level", level });
  }

  /** Serves on, and asks clients to come back by another connection. */
  leave(): void {
    this.#isLeaving = true;
    this.#postAll({ type: "leave" });
  }

  /** Resolves when nothing is under way any more, or at the deadline. The workers go on to exist until close(). */
  async drain(deadlineMs: number): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (const slot of this.#slots) slot.retire();
    await new Promise<void>((resolve) => {
      const deadline = this.#options.clock.after(deadlineMs, resolve);
      this.#whenDrained = () => {
        deadline.cancel();
        resolve();
      };
      for (const slot of this.#slots) if (slot.state !== "running") this.#drained.add(slot.id);
      this.#postAll({ type: "drain", deadlineMs });
      this.#checkDrained();
    });
  }

  async close(): Promise<void> {
    this.#isDraining = true;
    this.ports.close();
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  async #applyNext(delta: ResourceDelta): Promise<readonly Rejected[]> {
    const fresh = await this.ports.admit(delta);
    const rejected = await this.#pushes.push(delta);
    this.#count(delta, rejected.length);
    this.ports.settle(delta, new Set(rejected.map(({ name }) => name)));
    if (this.#isListening && fresh.length > 0) await this.#opened(fresh);
    return rejected;
  }

  #count(delta: ResourceDelta, rejected: number): void {
    const { metrics } = this.#options;
    const type = delta.typeUrl.slice(delta.typeUrl.lastIndexOf(".") + 1);
    metrics.counter("waystone_pushes_total", "Deltas taken from the controller, by type.", { type }).add(1);
    const pushed = "Resources in them, new, changed or gone, by type: what a change costs to send.";
    const count = delta.upserts.length + delta.removals.length;
    metrics.counter("waystone_pushed_resources_total", pushed, { type }).add(count);
    const help = "Resources that the workers refused; the version before each serves on.";
    metrics.counter("waystone_resources_rejected_total", help, { type }).add(rejected);
  }

  /** A new worker: everything first, then what is under way, and only then the ports. */
  #welcome(slot: WorkerSlot): void {
    if (this.ports.held.length > 0) slot.post({ type: "hold", places: this.ports.held });
    const deltas = this.held.configuration();
    if (deltas.length > 0) slot.post({ type: "apply", sequence: 0, deltas: packDeltas(deltas) });
    this.#pushes.join(slot);
    if (this.#isLeaving) slot.post({ type: "leave" });
    if (this.#isListening) slot.post({ type: "listen" });
    if (this.#slots.every(({ state }) => state === "running")) this.#started?.resolve();
  }

  #receive(slot: WorkerSlot, message: FromWorker): void {
    switch (message.type) {
      case "ready":
        return this.#welcome(slot);
      case "applied":
        return this.#pushes.answered(slot, message.sequence, message.rejected.flat());
      case "subscribe":
        return this.#options.onSubscribe(slot.id, message.address);
      case "forget":
        return this.#options.onForget(slot.id, message.address);
      case "want-keys":
        return this.#options.onWantKeys(slot.id, message.wanted);
      case "refetch-keys":
        return this.#options.onRefetchKeys(slot.id, message.id);
      case "metrics":
        return this.#families.answer(slot.id, message.sequence, message.families);
      case "dumped":
        return this.#dumps.answer(slot.id, message.sequence, message.dump);
      case "access-log":
        return this.#writeLines(slot, message.lines);
      case "log":
        return this.#log(slot, message);
      case "listening":
        return this.ports.report(slot.id, listenKey(message.address, message.port), undefined);
      case "listen-failed":
        return this.ports.report(slot.id, listenKey(message.address, message.port), message.reason);
      case "drained":
        this.#drained.add(slot.id);
        return this.#checkDrained();
    }
  }

  #lost(slot: WorkerSlot, loss: WorkerLoss, retryMs: number): void {
    const { logger, metrics } = this.#options;
    const next = this.#isDraining ? "draining, so it is not replaced" : replacementText(retryMs);
    logger.error(
      { worker: slot.id, reason: loss.reason },
      `worker ${slot.id} was lost: ${loss.message}; ${next}`,
    );
    if (loss.stack !== undefined)
      logger.debug({ worker: slot.id, stack: loss.stack }, "where the worker failed");
    const help = "Worker threads that were lost and replaced, by reason.";
    metrics.counter("waystone_worker_restarts_total", help, { reason: loss.reason }).add(1);
    this.#pushes.lost(slot, loss.message);
    this.#families.leave(slot.id);
    this.#dumps.leave(slot.id);
    this.#metrics.leave(slot.id);
    this.ports.leave(slot.id);
    this.#options.onWorkerLost(slot.id);
    if (slot.earlyLosses >= hopelessLosses) {
      this.#started?.reject(new Error(`worker ${slot.id} cannot start: ${loss.message}`));
    }
    this.#drained.add(slot.id);
    this.#checkDrained();
  }

  #writeLines(slot: WorkerSlot, lines: string): void {
    const done = (): void => slot.post({ type: "log-written", length: lines.length });
    const writing = this.#options.accessLog.write(lines);
    if (writing instanceof Promise) writing.then(done, done);
    else done();
  }

  #log(slot: WorkerSlot, message: FromWorker & { readonly type: "log" }): void {
    if (message.level === "silent") return;
    this.#options.logger[message.level]({ worker: slot.id, ...message.fields }, message.message);
  }

  /** A place that appears anew in a worker's snapshot is opened anew. */
  #reopen(worker: number, place: string): void {
    const held = this.ports.held;
    this.#slots[worker]?.post({ type: "hold", places: [...held, place] });
    this.#slots[worker]?.post({ type: "hold", places: held });
  }

  #opened(places: readonly string[]): Promise<void> {
    return this.ports.whenReported(this.#running(), places, openMs);
  }

  #running(): number[] {
    return this.#slots.filter(({ state }) => state === "running").map(({ id }) => id);
  }

  #postAll(message: ToWorker): void {
    for (const slot of this.#slots) slot.post(message);
  }

  #checkDrained(): void {
    if (this.#slots.every(({ id }) => this.#drained.has(id))) this.#whenDrained?.();
  }
}

function replacementText(retryMs: number): string {
  return retryMs === 0 ? "a replacement starts now" : `a replacement starts in ${retryMs} ms`;
}
