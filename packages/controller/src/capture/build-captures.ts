/** The part of capture that every replica has: what is planned for each Service, following the objects and the ACKs. */
import type { Collection, CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import { buildCaptureViews } from "../model/capture-views.ts";
import type { Model } from "../model/model.ts";
import type { Acks } from "../status/ack-tracker.ts";
import type { Translated } from "../translate/translate.ts";
import { buildCapturePlans, type CaptureMemory, type PlannedCapture } from "./capture-plans.ts";

export interface Captures {
  /** By "<namespace>/<name>"; none from files. */
  readonly plans: Collection<PlannedCapture>;
  /** Written by the leader alone. */
  readonly memory: SourceCollection<CaptureMemory>;
}

export interface CapturesInputs {
  readonly model: Model;
  readonly translated: Pick<Translated, "resources">;
  readonly acks: Acks;
}

export function buildCaptures(graph: CollectionGraph, { model, translated, acks }: CapturesInputs): Captures {
  const memory = graph.source<CaptureMemory>({ name: "capture-memory", key: ({ key }) => key });
  const views = buildCaptureViews(graph, model);
  const { slicesByService } = model;
  const { resources } = translated;
  return { plans: buildCapturePlans(graph, { views, slicesByService, resources, acks, memory }), memory };
}
