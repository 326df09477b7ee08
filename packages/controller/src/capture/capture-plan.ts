/**
 * What planCapture answers: how far a Service is, the one next step, and what its owner is told. A step is one write to the
 * API server, or a wait; open-capture.ts carries it out. Everything in it is of the view that it was planned from.
 */
import type { EndpointSlice, Service } from "@waystone/api/kubernetes/core";
import type { DraftCondition } from "../model/draft-condition.ts";
import type { FrontChange } from "./front-patch.ts";
import type { ShadowSpec } from "./shadow-spec.ts";

export type CapturePhase =
  /** Somebody asked for a waypoint; the shadow, or its endpoints, are not there yet. */
  | "Requested"
  /** The endpoints are kept by the shadow, and a waypoint has been asked to serve them. */
  | "ShadowReady"
  /** Every Ready pod of the waypoint runs it. */
  | "WaypointReady"
  /** The front points at the waypoint. */
  | "Captured"
  /** The front is being put back, or has been and something of ours is still there. */
  | "Releasing"
  /** Nothing of ours is there. */
  | "Released";

export type CaptureStep =
  | { readonly do: "create-shadow"; readonly name: string; readonly spec: ShadowSpec }
  | { readonly do: "update-shadow"; readonly shadow: Service; readonly change: ShadowChange }
  /** `of` another front: one of the same name that was deleted. */
  | { readonly do: "delete-shadow"; readonly shadow: Service; readonly of: "this front" | "another" }
  | { readonly do: "write-front"; readonly why: FrontReason; readonly change: FrontChange }
  | { readonly do: "restore-front"; readonly shadow: Service | undefined }
  /** One of our own EndpointSlices of the front, whole. */
  | { readonly do: "write-slice"; readonly slice: EndpointSlice }
  | { readonly do: "delete-slice"; readonly slice: EndpointSlice }
  /** Time must pass in which nothing changes: for nodes that are slow to hear. Then `progress.lingered` is `until`. */
  | { readonly do: "linger"; readonly until: string; readonly ms: number }
  /** Something else must happen first; the watch will tell. */
  | { readonly do: "wait" };

export type FrontReason =
  /** Clients are led to the waypoint, or to another one, or another way. */
  | "point"
  /** A port has got its own waypoint port, or lost it. */
  | "ports"
  /** Somebody changed what is ours, past the admission policy. */
  | "repair"
  /** The owner's wishes are with the shadow by now. */
  | "wishes";

export interface ShadowChange {
  readonly spec: ShadowSpec;
  readonly waypoint: string | undefined;
  readonly movingTo: string | undefined;
  /** Service ports that shall have a waypoint port, and the one that each has, if it may keep it. */
  readonly ports: readonly { readonly port: number; readonly preferred: number | undefined }[];
}

/** What the cluster does not say: what waypoints run, and what this leader remembers. */
export interface CaptureProgress {
  /** Node ids of Ready waypoint pods, "<namespace>/<gateway>/<pod>", that run the Service and its slices as they are now. */
  readonly running: readonly string[];
  /** The last `until` whose time has passed without interruption. */
  readonly lingered: string | undefined;
  /** No waypoint port is free, in words; nothing is asked for until it is forgotten. */
  readonly exhausted: string | undefined;
  /** Why the last step failed, where it keeps failing. */
  readonly failure: string | undefined;
}

export interface CapturePlan {
  readonly phase: CapturePhase;
  readonly step: CaptureStep;
  /** waystone.dev/WaypointBound; undefined: nobody asked for a waypoint, and nothing of ours is there. */
  readonly condition: DraftCondition | undefined;
}
