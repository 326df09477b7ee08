/**
 * Messages between a waypoint's main thread (control: push client, admin, supervision) and its workers (traffic). Bytes
 * stay encoded: each worker decodes and compiles its own snapshot.
 */
import type { LogLevel } from "@waystone/base/logger";
import type { Family } from "@waystone/base/metrics";
import type { Rejected, ResourceDelta } from "@waystone/xds/resource";
import type { WantedKeys } from "../tokens/key-ring.ts";
import type { WaypointSettings } from "../settings.ts";
import type { WorkerShare } from "./worker-share.ts";

export interface WorkerInit {
  readonly workerId: number;
  /** "<namespace>/<gateway>" of the waypoint that we are; "" where we are all of them. */
  readonly ownWaypoint: string;
  readonly settings: WaypointSettings;
  readonly share: WorkerShare;
}

export type ToWorker =
  /** Take into use, answer with "applied". A replacement worker gets everything this way before it may listen. */
  | { readonly type: "apply"; readonly sequence: number; readonly deltas: readonly ResourceDelta[] }
  /**
   * Ports ("address:port") that cannot be listened on for now: left out of the snapshot's listeners. Always the whole list;
   * sent before a delta that brings such a port, and again when one becomes free.
   */
  | { readonly type: "hold"; readonly places: readonly string[] }
  /** Open every port of the snapshot (and from then on follow it). Sent once, after the first complete snapshot. */
  | { readonly type: "listen" }
  /** The pod is about to go: new connections are still taken, and each ends after its next answer. */
  | { readonly type: "leave" }
  /** Stop being attractive: answer with Connection: close, close idle connections; after the deadline, all. */
  | { readonly type: "drain"; readonly deadlineMs: number }
  | { readonly type: "collect"; readonly sequence: number }
  | { readonly type: "dump"; readonly sequence: number }
  | { readonly type: "log-level"; readonly level: LogLevel }
  /** What is known of a key set that this worker wants; undefined: nothing that may be used. */
  | { readonly type: "keys"; readonly id: string; readonly text: string | undefined }
  /** Access log lines of this length (in characters) have left the process. */
  | { readonly type: "log-written"; readonly length: number };

export type FromWorker =
  | { readonly type: "ready" }
  | {
      readonly type: "applied";
      readonly sequence: number;
      readonly rejected: readonly (readonly Rejected[])[];
    }
  /** Who is this address? Sent once per address until the worker forgets it again ("forget"). */
  | { readonly type: "subscribe"; readonly address: string }
  | { readonly type: "forget"; readonly address: string }
  | { readonly type: "metrics"; readonly sequence: number; readonly families: readonly Family[] }
  | { readonly type: "dumped"; readonly sequence: number; readonly dump: unknown }
  /** Access log lines, each ended by a newline, gathered. */
  | { readonly type: "access-log"; readonly lines: string }
  | {
      readonly type: "log";
      readonly level: LogLevel;
      readonly fields: Readonly<Record<string, unknown>>;
      readonly message: string;
    }
  | { readonly type: "listening"; readonly address: string; readonly port: number }
  | {
      readonly type: "listen-failed";
      readonly address: string;
      readonly port: number;
      readonly reason: string;
    }
  /** The key sets to be fetched, all of them. */
  | { readonly type: "want-keys"; readonly wanted: readonly WantedKeys[] }
  /** A token names a key that is not in the set. */
  | { readonly type: "refetch-keys"; readonly id: string }
  | { readonly type: "drained" };
