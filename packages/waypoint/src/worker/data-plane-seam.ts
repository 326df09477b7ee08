/** What a worker thread gives to its data plane (listener/data-plane.ts), and what it may ask of it. */
import type { Clock } from "@waystone/base/clock";
import type { LogLevel } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { MemorySource } from "../overload/memory-use.ts";
import type { WaypointSettings } from "../settings.ts";
import type { Snapshot } from "../store/snapshot.ts";
import type { IdentitySource } from "./identity-table.ts";
import type { FromWorker } from "./protocol.ts";

export interface DataPlaneOptions {
  readonly workerId: number;
  readonly settings: WaypointSettings;
  readonly memory: MemorySource;
  /** That this worker may have open. */
  readonly descriptors: number;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly metrics: MetricsRegistry;
  /** The snapshot in use: what a request that begins now runs. */
  readonly current: () => Snapshot;
  readonly identity: IdentitySource;
  readonly emit: (message: FromWorker) => void;
}

export interface DataPlane {
  /** Opens and closes listeners to match; not called before the first "listen". */
  follow(snapshot: Snapshot): void;
  /** What the main thread has of a key set that was wanted; undefined: nothing that may be used. */
  takeKeys(id: string, text: string | undefined): void;
  /** Goes on as before, but every connection ends after its next answer. */
  leave(): void;
  /** Emits "drained" when nothing is under way any more, or at the deadline. */
  drain(deadlineMs: number): void;
  close(): void;
  setLogLevel(level: LogLevel): void;
}
