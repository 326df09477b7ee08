/**
 * Overload, as the data plane knows it: the level of its worker, in metrics and in the log, and what becomes of the connections
 * that are open when it changes. It is no unreadiness: a pod that is taken out of the endpoints hands its load to the others,
 * which are as full, and then nobody serves.
 */
import type { Clock } from "@waystone/base/clock";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { OverloadSettings } from "../settings.ts";
import type { FromWorker } from "../worker/protocol.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { highestOf, type MemorySource, type MemoryUse } from "./memory-use.ts";
import { isAtLeast, type OverloadLevel, overloadLevels } from "./overload-level.ts";

/** Those that are open: what an overloaded worker asks of them. */
export interface RelievingConnections {
  /** Serves on, until after its next answer. */
  closeAfterNext(): void;
  /** Idle ones end now; others after what is under way. */
  drain(): void;
}

export interface OverloadOptions {
  readonly workerId: number;
  readonly clock: Clock;
  readonly settings: OverloadSettings;
  readonly source: MemorySource;
  readonly metrics: MetricsRegistry;
  readonly emit: (message: FromWorker) => void;
  readonly connections: () => readonly RelievingConnections[];
  /** Ends what holds memory while nothing has moved on it for so long: a peer that has gone is not noticed while it is paused. */
  readonly expireStalled: (stalledMs: number) => void;
}

/**
 * In place of `timeouts.streamIdleMs`, while new connections are refused: the more of its memory a worker uses, the less whoever
 * holds it may stand still. Ended are a few who wait; killed would be all.
 */
function stalledMs(use: number): number {
  if (use < 1) return 5_000;
  return use < 1.5 ? 1_000 : 250;
}

export class Overload {
  /** Asked for by each request and each connection. */
  isSparing = false;
  isShedding = false;
  isRefusing = false;
  readonly #options: OverloadOptions;
  readonly #watch: MemoryWatch;
  readonly #level;

  constructor(options: OverloadOptions) {
    this.#options = options;
    const { clock, settings, source, metrics, workerId } = options;
    const thread = `worker-${workerId}`;
    const help = "What a worker leaves out for want of memory: 0 nothing, 1 sparing, 2 shedding, 3 refusing.";
    this.#level = metrics.gauge("waystone_overload_level", help, { thread });
    const useHelp = "Memory of a worker that is in use, of what it may use, from 0 to 1.";
    const heap = metrics.gauge("waystone_memory_use_ratio", useHelp, { thread, of: "heap" });
    const buffers = metrics.gauge("waystone_memory_use_ratio", useHelp, { thread, of: "buffers" });
    this.#watch = new MemoryWatch({
      clock,
      settings,
      source,
      onLevel: (level, use) => this.#enter(level, use),
      onUse: (use) => {
        if (this.isRefusing) options.expireStalled(stalledMs(highestOf(use)));
        heap.set(use.heap);
        buffers.set(use.buffers);
      },
    });
  }

  close(): void {
    this.#watch.close();
  }

  #enter(level: OverloadLevel, use: MemoryUse): void {
    const wasSparing = this.isSparing;
    this.isSparing = isAtLeast(level, "sparing");
    this.isShedding = isAtLeast(level, "shedding");
    this.isRefusing = isAtLeast(level, "refusing");
    this.#level.set(overloadLevels.indexOf(level));
    this.#tell(level, use);
    if (this.isRefusing) for (const connection of this.#options.connections()) connection.drain();
    else if (this.isSparing && !wasSparing)
      for (const connection of this.#options.connections()) connection.closeAfterNext();
  }

  #tell(level: OverloadLevel, { heap, buffers }: MemoryUse): void {
    const { emit, workerId } = this.#options;
    const used = `${percent(heap)} of its heap and ${percent(buffers)} of its buffers are in use`;
    emit({
      type: "log",
      level: level === "none" ? "info" : "warn",
      fields: { worker: workerId, level },
      message: `worker ${workerId} ${doing[level]}: ${used}${level === "none" ? "" : advice}`,
    });
  }
}

const doing: Readonly<Record<OverloadLevel, string>> = {
  none: "serves everything again",
  sparing: "ends connections with their next answer",
  shedding: "answers new requests with 503",
  refusing: "refuses new connections",
};

const advice = "; raise the memory limit or run more waypoints";

function percent(of1: number): string {
  return `${Math.round(of1 * 100)} %`;
}
