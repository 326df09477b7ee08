/**
 * One step of a plan, carried out: one write, on the condition that nobody wrote since. What it answers is what the watch has
 * to show before the next plan is worth anything.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { applyObject, deleteObject, patchObject } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import type { CaptureStep, ShadowChange } from "./capture-plan.ts";
import type { PlannedCapture } from "./capture-plans.ts";
import type { CaptureView } from "./capture-view.ts";
import { createShadow, type ShadowCreation } from "./create-shadow.ts";
import {
  type Expectation,
  frontAtLeast,
  shadowAtLeast,
  shadowGone,
  sliceGone,
  sliceWritten,
} from "./expectations.ts";
import { frontPatch } from "./front-patch.ts";
import type { PortAllocator } from "./port-allocator.ts";
import { restorePatch } from "./restore-front.ts";
import { shadowPatch } from "./shadow-spec.ts";
import { fieldManager, type FrontWrite, services, writeFront } from "./write-front.ts";

export interface StepTools {
  readonly transport: Transport;
  readonly allocator: PortAllocator;
}

export interface StepResult {
  readonly isWritten: boolean;
  readonly expects: Expectation | undefined;
  /** Service ports for which no waypoint port is free. */
  readonly exhausted: readonly number[];
}

const slices = {
  group: "discovery.k8s.io",
  version: "v1",
  plural: "endpointslices",
  kind: "EndpointSlice",
  namespaced: true,
} as const satisfies KubeResource;

/** Throws what the API server answers; a conflict means that the plan is old. */
export async function carryOutStep(tools: StepTools, { view, plan }: PlannedCapture): Promise<StepResult> {
  const { step } = plan;
  const { transport } = tools;
  switch (step.do) {
    case "create-shadow":
      return ofShadow(await createShadow(transport, view.front, step.spec));
    case "update-shadow":
      return await updateShadow(tools, view, step.shadow, step.change);
    case "delete-shadow": {
      const { namespace, name, uid } = step.shadow.metadata;
      await deleteObject(transport, services, { namespace, name }, { uid });
      return written(shadowGone(step.shadow));
    }
    case "write-front":
      return ofFront(await writeFront(transport, view.front, (fresh) => frontPatch(fresh, step.change)));
    case "restore-front":
      return ofFront(await writeFront(transport, view.front, (fresh) => restorePatch(fresh, step.shadow)));
    case "write-slice":
      await applyObject(transport, slices, step.slice, { fieldManager });
      return written(sliceWritten(step.slice));
    case "delete-slice": {
      const { namespace, name, uid } = step.slice.metadata;
      await deleteObject(transport, slices, { namespace, name }, { uid });
      return written(sliceGone(step.slice));
    }
    case "linger":
    case "wait":
      return nothing;
  }
}

const nothing: StepResult = { isWritten: false, expects: undefined, exhausted: [] };

function written(expects: Expectation): StepResult {
  return { isWritten: true, expects, exhausted: [] };
}

function ofFront(result: FrontWrite): StepResult {
  if (result.is === "nothing") return nothing;
  return { ...nothing, isWritten: result.is === "written", expects: frontAtLeast(result.front) };
}

function ofShadow(creation: ShadowCreation): StepResult {
  if (creation.is === "gone") return nothing;
  return { ...nothing, isWritten: creation.is === "written", expects: shadowAtLeast(creation.shadow) };
}

async function updateShadow(
  { transport, allocator }: StepTools,
  view: CaptureView,
  shadow: Service,
  { spec, waypoint, movingTo, ports: wanted }: ShadowChange,
): Promise<StepResult> {
  const waypoints = [waypoint, movingTo].filter((each) => each !== undefined);
  const ports = new Map<number, number>();
  const exhausted: number[] = [];
  for (const { port, preferred } of wanted) {
    const given = allocator.allocate({ service: view.key, servicePort: port, waypoints, preferred });
    if (given === undefined) exhausted.push(port);
    else ports.set(port, given);
  }
  const patch = shadowPatch(shadow, spec, { waypoint, movingTo, ports });
  if (patch === undefined) return { ...nothing, exhausted };
  const { namespace, name } = shadow.metadata;
  const id = { namespace, name };
  const after = await patchObject<Service>(
    transport,
    services,
    id,
    { type: "merge", patch },
    { fieldManager },
  );
  return { isWritten: true, expects: shadowAtLeast(after), exhausted };
}

/** For the log: what was done, in the past. */
export function describeStep(step: CaptureStep): string {
  switch (step.do) {
    case "create-shadow":
      return `made its shadow ${step.name}`;
    case "update-shadow":
      return `brought its shadow ${step.shadow.metadata.name} up to date`;
    case "delete-shadow":
      return `deleted the shadow ${step.shadow.metadata.name} of ${step.of}`;
    case "write-front":
      return `wrote the front (${step.why})`;
    case "restore-front":
      return "put the front back";
    case "write-slice":
      return `wrote EndpointSlice ${step.slice.metadata.name}`;
    case "delete-slice":
      return `deleted EndpointSlice ${step.slice.metadata.name}`;
    case "linger":
    case "wait":
      return "waits";
  }
}
