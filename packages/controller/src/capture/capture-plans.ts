/**
 * The plan of every Service as a collection: it follows what the objects say, what waypoints ACK, and what the leader
 * remembers. Every replica has it; only the leader acts on it (open-capture.ts) and writes its conditions.
 */
import { typeUrls } from "@waystone/api/names";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import type { EncodedResource } from "@waystone/xds/resource";
import type { SliceModel } from "../model/slice.ts";
import { type Acks, ackKey } from "../status/ack-tracker.ts";
import { resourceKey } from "../translate/translate.ts";
import type { CapturePlan } from "./capture-plan.ts";
import type { CaptureView } from "./capture-view.ts";
import { planCapture } from "./plan-capture.ts";
import { nodeIdOf } from "./waypoint-readiness.ts";

export interface PlannedCapture {
  /** The front, "<namespace>/<name>". */
  readonly key: string;
  readonly view: CaptureView;
  readonly plan: CapturePlan;
}

/** What a leader remembers of a Service: nothing that another could not find out again, given time. See CaptureProgress. */
export interface CaptureMemory {
  readonly key: string;
  readonly lingered: string | undefined;
  readonly exhausted: string | undefined;
  readonly failure: string | undefined;
}

export interface CaptureInputs {
  readonly views: Collection<CaptureView>;
  readonly slicesByService: Index<SliceModel>;
  /** As waypoints are sent them, by `resourceKey`. */
  readonly resources: Collection<EncodedResource>;
  readonly acks: Acks;
  /** Written by the leader; made of the same graph before the plans. */
  readonly memory: Collection<CaptureMemory>;
}

export function buildCapturePlans(graph: CollectionGraph, inputs: CaptureInputs): Collection<PlannedCapture> {
  return graph.derive(
    inputs.views,
    (context, view) => {
      const { lingered, exhausted, failure } = context.get(inputs.memory, view.key) ?? nothing;
      const progress = { running: runningPods(context, inputs, view), lingered, exhausted, failure };
      return { key: view.key, view, plan: planCapture(view, progress) };
    },
    { name: "capture-plans", key: ({ key }) => key },
  );
}

const nothing = { lingered: undefined, exhausted: undefined, failure: undefined };

/** Those whose workers all run the Service and its slices as they are translated from the very objects of the view. */
function runningPods(
  context: FetchContext,
  { slicesByService, resources, acks }: CaptureInputs,
  { key, waypointPods }: CaptureView,
): readonly string[] {
  const names = [
    { typeUrl: typeUrls.service, name: key },
    ...context
      .lookup(slicesByService, key)
      .map((slice) => ({ typeUrl: typeUrls.endpointSlice, name: slice.key })),
  ];
  const wanted = names.map((each) => ({
    ...each,
    version: context.get(resources, resourceKey(each))?.version,
  }));
  return waypointPods
    .filter(({ isReady }) => isReady)
    .map(nodeIdOf)
    .filter((node) =>
      wanted.every(({ typeUrl, name, version }) => {
        const ack = context.get(acks.acks, ackKey(node, typeUrl, name));
        return version !== undefined && ack?.running === version && ack.refused?.version !== version;
      }),
    );
}
