/**
 * All that is known of one Service when the next step of its capture is chosen: what is asked for, and what the objects in
 * the API server say has been done. Built by model/capture-views.ts from collections, judged by plan-capture.ts, so that a
 * controller that starts at any point goes on from there. The table of annotations is in design/0002-on-kubernetes.md.
 */
import type { EndpointSlice, Service } from "@waystone/api/kubernetes/core";

export interface CaptureView {
  /** The front, "<namespace>/<name>". */
  readonly key: string;
  readonly front: Service;
  readonly target: CaptureTarget;
  readonly shadow: ShadowView | undefined;
  /** Of the front, made by Kubernetes. */
  readonly frontSlices: readonly EndpointSlice[];
  /** Of the front, made by us. */
  readonly ownSlices: readonly EndpointSlice[];
  readonly shadowSlices: readonly EndpointSlice[];
  /** Pods of the target's waypoint and of those that the shadow names. */
  readonly waypointPods: readonly WaypointPodView[];
}

/** What the annotations, and the rules about what can be captured, come to. */
export type CaptureTarget =
  | {
      readonly is: "captured";
      /** "<namespace>/<gateway>" */
      readonly waypoint: string;
      /** By whom it was asked for: "the annotation of Namespace shop". */
      readonly by: string;
      /** By slices: a waypoint of another namespace, or some ports stay direct. */
      readonly way: "by-selector" | "by-slices";
      /** The front's TCP ports that pass the waypoint. */
      readonly ports: readonly number[];
      /** What its owner should know although it is captured. */
      readonly warning?: string;
    }
  | {
      readonly is: "direct";
      /** Why, where somebody asked for a waypoint; undefined: nobody did (any more). */
      readonly refusal: { readonly reason: string; readonly message: string } | undefined;
    };

export interface ShadowView {
  readonly object: Service;
  /** Of the very front that exists: not left over from one that was deleted. */
  readonly isOfThisFront: boolean;
  /** "<namespace>/<gateway>" */
  readonly waypoint: string | undefined;
  readonly movingTo: string | undefined;
  /** Service port to waypoint port, as far as it parses. */
  readonly ports: ReadonlyMap<number, number>;
  /** Service ports whose waypoint port belongs to another Service. */
  readonly lostPorts: readonly number[];
}

export interface WaypointPodView {
  /** "<namespace>/<gateway>" */
  readonly waypoint: string;
  readonly name: string;
  readonly isReady: boolean;
  readonly isTerminating: boolean;
  readonly addresses: readonly string[];
  readonly node: string;
  readonly uid: string;
}
