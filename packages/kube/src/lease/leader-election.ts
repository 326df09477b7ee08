/** Leader election: what its users see. */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import type { Transport } from "../transport/transport.ts";

export interface LeaderElectionOptions {
  readonly transport: Transport;
  readonly namespace: string;
  readonly name: string;
  /** Of this process alone: the pod's name and something random, so that a restarted container is someone else. */
  readonly identity: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly onElected: () => void;
  /** Stops all that only a leader may do. Until it is done we neither stand again nor let the lease go. */
  readonly onLost: () => void | Promise<void>;
  readonly timing?: Partial<ElectionTiming>;
}

export interface ElectionTiming {
  /** Others wait so long after the last renewal that they saw. */
  readonly leaseMs: number;
  /** A leader that could not renew for so long stops, well before others may begin. */
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
}

/** As Kubernetes' own components have it. */
export const defaultTiming: ElectionTiming = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };

export interface LeaderElection {
  /**
   * True only while no one else can be leader. Read off the clock: also right for a process that was stopped and goes on
   * before its timers have run. To be asked before each write that only a leader may make.
   */
  readonly isLeader: boolean;
  /** Who held the lease when last seen. */
  readonly holder: string | undefined;
  /** Looks at the lease at once: to be called by whoever watches it, so that a standby takes over without waiting. */
  poke(): void;
  /** Stops, and lets the lease go, so that another takes it at once. */
  close(): Promise<void>;
}
