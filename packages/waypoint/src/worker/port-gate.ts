/**
 * Which Service ports the workers may open, and what became of each. A place ("address:port") is probed before it is first
 * given to the workers; one that is not free is held back, reported, and tried again every few seconds. Workers report what
 * they opened, so that a push is acknowledged when its ports answer.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { ResourceDelta } from "@waystone/xds/resource";
import { type ProbePort, probePort } from "./port-probe.ts";
import { type PortProblem, type ProbedPort, portProblem } from "./port-problem.ts";
import { servicePorts } from "./service-ports.ts";

export interface PortGateOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly probe?: ProbePort;
  /** Tells the workers to keep these places closed: always the whole list. */
  readonly onHold: (places: readonly string[]) => void;
  /** Tells one worker to try again. */
  readonly onReopen: (worker: number, place: string) => void;
  readonly onProblems: (problems: readonly PortProblem[]) => void;
}

const retryMs = 5_000;
/** Ports probed at a time: each holds a file descriptor. */
const probesAtOnce = 64;

interface Failure {
  readonly problem: PortProblem;
  readonly workers: Set<number>;
}

interface Waiter {
  /** "worker@place" that have not been reported. */
  readonly left: Set<string>;
  readonly deadline: Timer;
  readonly resolve: () => void;
}

export class PortGate {
  readonly #options: PortGateOptions;
  readonly #probe: ProbePort;
  readonly #byService = new Map<string, readonly ProbedPort[]>();
  /** What is known of every place wanted: free (given to the workers), or not. */
  readonly #free = new Map<string, ProbedPort>();
  readonly #blocked = new Map<string, { readonly port: ProbedPort; readonly problem: PortProblem }>();
  readonly #failures = new Map<string, Failure>();
  /** Who listens where. */
  readonly #open = new Map<string, Set<number>>();
  readonly #waiters = new Set<Waiter>();
  #retry: Timer | undefined;
  #closed = false;

  constructor(options: PortGateOptions) {
    this.#options = options;
    this.#probe = options.probe ?? probePort;
  }

  /** Before the workers get a delta: probes what it wants to open. The places that are new and free. */
  async admit(delta: ResourceDelta): Promise<readonly string[]> {
    const wanted = new Map<string, ProbedPort>();
    for (const port of servicePorts(delta).values())
      for (const probed of port) wanted.set(probed.place, probed);
    const fresh = [...wanted.values()].filter(
      ({ place }) => !this.#free.has(place) && !this.#blocked.has(place),
    );
    const blockedBefore = this.#blocked.size;
    await this.#probeAll(fresh, (port, code) => {
      if (code === undefined) this.#free.set(port.place, port);
      else this.#block(port, code);
    });
    if (this.#blocked.size !== blockedBefore) this.#blockedChanged();
    return fresh.map(({ place }) => place).filter((place) => this.#free.has(place));
  }

  /** After the workers took the delta: forgets places that nobody wants any more. */
  settle(delta: ResourceDelta, rejected: ReadonlySet<string>): void {
    const ports = servicePorts(delta);
    if (ports.size === 0 && delta.removals.length === 0) return;
    for (const name of delta.removals) this.#byService.delete(name);
    for (const [name, list] of ports) if (!rejected.has(name)) this.#byService.set(name, list);
    this.#prune();
  }

  /** A worker opened the place, or could not. */
  report(worker: number, place: string, failure: string | undefined): void {
    const port = this.#free.get(place);
    if (port !== undefined) {
      if (failure === undefined) this.#opened(worker, place);
      else this.#failed(worker, port, failure);
    }
    this.#answered(`${worker}@${place}`);
  }

  /** A worker is gone, and its listeners with it. */
  leave(worker: number): void {
    for (const workers of this.#open.values()) workers.delete(worker);
    for (const [place, failure] of this.#failures) this.#recovered(place, failure, worker);
    for (const waiter of this.#waiters) {
      for (const key of waiter.left) if (key.startsWith(`${worker}@`)) waiter.left.delete(key);
    }
    this.#resolveWaiters();
  }

  /** Resolves when every one of `workers` has opened `places` or failed to, or at the deadline. */
  whenReported(workers: readonly number[], places: readonly string[], deadlineMs: number): Promise<void> {
    const left = new Set<string>();
    for (const place of places) {
      for (const worker of workers) {
        if (this.#open.get(place)?.has(worker) !== true) left.add(`${worker}@${place}`);
      }
    }
    if (left.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const deadline = this.#options.clock.after(deadlineMs, () => {
        left.clear();
        this.#resolveWaiters();
      });
      this.#waiters.add({ left, deadline, resolve });
    });
  }

  /** Places that the workers may open. */
  get places(): readonly string[] {
    return [...this.#free.keys()];
  }

  /** Places that at least one worker listens on. */
  get listening(): readonly string[] {
    return [...this.#open].filter(([, workers]) => workers.size > 0).map(([place]) => place);
  }

  get held(): readonly string[] {
    return [...this.#blocked.keys()];
  }

  get problems(): readonly PortProblem[] {
    return [...this.#blocked.values(), ...this.#failures.values()].map(({ problem }) => problem);
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    for (const waiter of this.#waiters) waiter.left.clear();
    this.#resolveWaiters();
  }

  #block(port: ProbedPort, code: string): void {
    const problem = portProblem(port, code);
    this.#blocked.set(port.place, { port, problem });
    this.#options.logger.error({ service: port.service, code }, problem.message);
  }

  #opened(worker: number, place: string): void {
    let workers = this.#open.get(place);
    if (workers === undefined) this.#open.set(place, (workers = new Set()));
    workers.add(worker);
    const failure = this.#failures.get(place);
    if (failure !== undefined) this.#recovered(place, failure, worker);
  }

  #failed(worker: number, port: ProbedPort, failure: string): void {
    const known = this.#failures.get(port.place);
    if (known !== undefined) {
      known.workers.add(worker);
      return;
    }
    const code = /\bE[A-Z]{3,}\b/.exec(failure)?.[0] ?? failure;
    const problem = portProblem(port, code);
    this.#failures.set(port.place, { problem, workers: new Set([worker]) });
    this.#options.logger.error({ service: port.service, worker, code }, problem.message);
    this.#problemsChanged();
  }

  #recovered(place: string, failure: Failure, worker: number): void {
    if (!failure.workers.delete(worker) || failure.workers.size > 0) return;
    this.#failures.delete(place);
    this.#problemsChanged();
  }

  #prune(): void {
    const wanted = new Map<string, ProbedPort>();
    for (const ports of this.#byService.values()) for (const port of ports) wanted.set(port.place, port);
    for (const place of this.#free.keys()) {
      if (wanted.has(place)) continue;
      this.#free.delete(place);
      this.#open.delete(place);
      if (this.#failures.delete(place)) this.#problemsChanged();
    }
    let changed = false;
    for (const [place, { port, problem }] of this.#blocked) {
      const next = wanted.get(place);
      if (next?.service === port.service) continue;
      changed = true;
      if (next === undefined) this.#blocked.delete(place);
      else this.#block(next, problem.code);
    }
    if (changed) this.#blockedChanged();
  }

  #blockedChanged(): void {
    this.#options.onHold(this.held);
    this.#problemsChanged();
  }

  #problemsChanged(): void {
    const some = this.#blocked.size + this.#failures.size > 0;
    if (some && !this.#closed)
      this.#retry ??= this.#options.clock.every(retryMs, () => void this.#tryAgain());
    else {
      this.#retry?.cancel();
      this.#retry = undefined;
    }
    this.#options.onProblems(this.problems);
  }

  async #tryAgain(): Promise<void> {
    for (const [place, { workers }] of this.#failures) {
      for (const worker of workers) this.#options.onReopen(worker, place);
    }
    let freed = false;
    const ports = [...this.#blocked.values()].map(({ port }) => port);
    await this.#probeAll(ports, (port, code) => {
      if (code !== undefined || this.#closed || !this.#blocked.delete(port.place)) return;
      freed = true;
      this.#free.set(port.place, port);
      this.#options.logger.info(
        { service: port.service },
        `${port.place} is free now: Service ${port.service} listens`,
      );
    });
    if (freed) this.#blockedChanged();
  }

  async #probeAll(
    ports: readonly ProbedPort[],
    take: (port: ProbedPort, code: string | undefined) => void,
  ): Promise<void> {
    for (let i = 0; i < ports.length; i += probesAtOnce) {
      const batch = ports.slice(i, i + probesAtOnce);
      await Promise.all(
        batch.map(async (port) => take(port, await this.#probe(port.address, port.listenPort))),
      );
    }
  }

  #answered(key: string): void {
    for (const waiter of this.#waiters) waiter.left.delete(key);
    this.#resolveWaiters();
  }

  #resolveWaiters(): void {
    for (const waiter of this.#waiters) {
      if (waiter.left.size > 0) continue;
      this.#waiters.delete(waiter);
      waiter.deadline.cancel();
      waiter.resolve();
    }
  }
}
