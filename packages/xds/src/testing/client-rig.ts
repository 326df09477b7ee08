/** A delta client whose apply() keeps a diary, and refuses what says "bad". */
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { createDeltaClient, type DeltaClient, type DeltaClientOptions } from "../client/delta-client.ts";
import type { Rejected, ResourceDelta } from "../resource.ts";
import { contentOf } from "./map-catalog.ts";

const { service, route } = typeUrls;

export function openClient(options: Partial<DeltaClientOptions> = {}) {
  const log: string[] = [];
  const client: DeltaClient = createDeltaClient({
    nodeId: "shop/waypoint/1",
    wildcardTypes: [service, route],
    clock: new ManualClock(),
    apply: async (delta) => {
      log.push(describeDelta(delta));
      return refuseBad(delta);
    },
    onComplete: () => log.push("complete"),
    ...options,
  });
  const held = (typeUrl: TypeUrl): string[] =>
    [...client.held(typeUrl).values()].map((r) => `${r.name}=${contentOf(r)}`);
  return { client, log, held };
}

function describeDelta({ upserts, removals }: ResourceDelta): string {
  return [...upserts.map((r) => `+${r.name}=${contentOf(r)}`), ...removals.map((name) => `-${name}`)].join(
    " ",
  );
}

function refuseBad({ upserts }: ResourceDelta): Rejected[] {
  const bad = upserts.filter((resource) => contentOf(resource).startsWith("bad"));
  return bad.map((resource) => ({ name: resource.name, reason: `${contentOf(resource)} is no content` }));
}

/** An apply() that a test lets go on. */
export function holdApply() {
  const waiting: (() => void)[] = [];
  const calls: string[] = [];
  const apply = (delta: ResourceDelta): Promise<readonly Rejected[]> => {
    calls.push(describeDelta(delta));
    return new Promise((resolve) => waiting.push(() => resolve([])));
  };
  return { apply, calls, release: () => waiting.shift()?.() };
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
