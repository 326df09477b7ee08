/**
 * What was written and has not been seen yet. A plan is made from what the watch shows, which is behind; until it shows a
 * write of ours, the next plan would be made from before it. Nothing is waited for longer than a while: an object may have
 * been deleted before it was ever seen.
 */
import type { EndpointSlice, Service } from "@waystone/api/kubernetes/core";
import type { Clock } from "@waystone/base/clock";
import { isOlder } from "@waystone/kube/reflector/resource-version";
import type { CaptureView } from "./capture-view.ts";
import { compareSlices } from "./own-slices.ts";

export type Expectation = (view: CaptureView) => boolean;

const patienceMs = 10_000;

export class Expectations {
  readonly #clock: Clock;
  readonly #byKey = new Map<string, { readonly isMet: Expectation; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  expect(key: string, isMet: Expectation): void {
    this.#byKey.set(key, { isMet, untilMs: this.#clock.now() + patienceMs });
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }

  /** How long to wait at most before the view can be trusted; 0: now. */
  waitMs(view: CaptureView): number {
    const expected = this.#byKey.get(view.key);
    if (expected === undefined) return 0;
    const leftMs = expected.untilMs - this.#clock.now();
    if (leftMs > 0 && !expected.isMet(view)) return leftMs;
    this.#byKey.delete(view.key);
    return 0;
  }
}

export function frontAtLeast({ metadata }: Service): Expectation {
  return ({ front }) => isAtLeast(front, metadata);
}

export function shadowAtLeast({ metadata }: Service): Expectation {
  return ({ shadow }) => shadow !== undefined && isAtLeast(shadow.object, metadata);
}

export function shadowGone({ metadata }: Service): Expectation {
  return ({ shadow }) => shadow?.object.metadata.uid !== metadata.uid;
}

export function sliceWritten(slice: EndpointSlice): Expectation {
  return ({ ownSlices }) => compareSlices(ownSlices, [slice]).writes.length === 0;
}

export function sliceGone({ metadata }: EndpointSlice): Expectation {
  return ({ ownSlices }) => ownSlices.every((slice) => slice.metadata.uid !== metadata.uid);
}

/** Another object of that name is as good as a newer one: ours is history. */
function isAtLeast({ metadata }: Service, { uid, resourceVersion = "" }: Service["metadata"]): boolean {
  return metadata.uid !== uid || !isOlder(metadata.resourceVersion ?? "", resourceVersion);
}
