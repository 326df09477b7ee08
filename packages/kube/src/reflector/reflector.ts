/** A collection that follows the objects of one kind in the API server, and never stops: what its users see of it. */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { SourceCollection } from "@waystone/collection/collection";
import type { KubeObject } from "../kube-object.ts";
import type { Transport } from "../transport/transport.ts";
import type { Selection } from "./selection.ts";

export interface ReflectorOptions<T> extends Selection {
  readonly transport: Transport;
  /** Written to by this reflector alone: a list replaces all of it. */
  readonly into: SourceCollection<T>;
  /** The key function of `into`. */
  readonly key: (item: T) => string;
  /**
   * On arrival: drops what nobody uses, managedFields first, so that memory holds only what is read. Undefined: the object
   * is not wanted. One that throws is logged, and its object keeps the item it had.
   */
  readonly strip: (object: KubeObject) => T | undefined;
  /** `batch` of the collection's graph: what came in one piece then settles in one pass. */
  readonly batch?: (write: () => void) => void;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics?: MetricsRegistry;
  /** How long a watch may be silent. The server sends a bookmark every 60 to 75 s; 100 s unless given. */
  readonly livenessMs?: number;
  /** The longest wait after a refusal; 30 s unless given. */
  readonly refusedMaxMs?: number;
  /** Told with each answer 403, and once it is over. */
  readonly onForbidden?: (isForbidden: boolean) => void;
}

export interface Reflector {
  /** The collection was complete once (empty, where the kind is not served). It never turns false again. */
  readonly isSynced: boolean;
  /** False while the API server does not know the kind: its definition is not installed (yet). */
  readonly isServed: boolean;
  /** Resolves when it is synced; never rejects, and not at all if closed before. */
  whenSynced(): Promise<void>;
  /** Asks at once, where it waits for the kind to be served: to be called when definitions changed. */
  recheck(): void;
  /** Stops following. What is in the collection stays. */
  close(): Promise<void>;
}
