/** One thing to measure: with how many routes, on which peers, and what comes out. */
import type { Backend } from "../backend.ts";
import type { PeerMode, RunningPeer } from "../peers/peer.ts";
import type { BenchPolicies, PolicyShape } from "../policies.ts";
import type { BenchRoutes } from "../routes.ts";

export interface Metric {
  readonly key: string;
  readonly title: string;
  readonly digits: number;
  /** The table shows the difference to "direct" instead of the value. */
  readonly overDirect?: boolean;
}

export type Measurement = Readonly<Record<string, number>>;

export interface ScenarioRun {
  readonly peer: RunningPeer;
  readonly backend: Backend;
  readonly routes: BenchRoutes;
  readonly policies: BenchPolicies | undefined;
  readonly seconds: number;
  /** Counts from 0. */
  readonly round: number;
  /** Of the peer: its configuration. */
  readonly folder: string;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly routes: number;
  /** How Waystone runs: as one process, or as `waystone waypoint` beside a controller (for its own memory). */
  readonly form: "run" | "waypoint";
  /** Only these; all when undefined. */
  readonly peers?: readonly string[];
  /** The proxy's backend is to be spoken to in HTTP/2 with prior knowledge; HTTP/1.1 when undefined. */
  readonly backendSpeaksHttp2?: boolean;
  /** Requests go to the proxy's backend over TLS, and its certificate is checked. */
  readonly backendSpeaksTls?: boolean;
  /** What the proxies pass; requests when undefined. */
  readonly mode?: PeerMode;
  /** None when undefined. */
  readonly policies?: PolicyShape;
  /** The proxy's backend gives back whatever it gets (echo-backend.ts). */
  readonly echo?: boolean;
  /** More rounds tell nothing more. */
  readonly once?: boolean;
  readonly metrics: readonly Metric[];
  measure(run: ScenarioRun): Promise<Measurement>;
}
