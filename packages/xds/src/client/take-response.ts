/** Takes one response into use: decoded, applied, remembered. The answer is what a NACK says, or nothing for an ACK. */
import { errorMessage } from "@waystone/base/error-message";
import type { DeltaRequest, DeltaResponse } from "@waystone/api/discovery";
import type { TypeUrl } from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { ApplyDelta, Rejected, ResourceDelta } from "../resource.ts";
import { buildNack, buildNackOfAll } from "./build-nack.ts";
import type { HeldResources } from "./held-resources.ts";
import { parseResponse } from "./parse-response.ts";

export interface TakeContext {
  readonly apply: ApplyDelta;
  readonly held: HeldResources;
  /** Whether the name is still asked for. */
  readonly wants: (typeUrl: TypeUrl, name: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

export async function takeResponse(
  response: DeltaResponse,
  context: TakeContext,
): Promise<DeltaRequest["errorDetail"]> {
  const parsed = parseResponse(response);
  if ("undecodable" in parsed) return buildNackOfAll(`undecodable resource: ${parsed.undecodable}`);
  const typeUrl = response.typeUrl as TypeUrl;
  const delta = {
    typeUrl,
    upserts: parsed.upserts.filter(({ name }) => context.wants(typeUrl, name)),
    removals: parsed.removals.filter((name) => context.wants(typeUrl, name)),
  };
  let rejected: readonly Rejected[];
  try {
    rejected = await applyTimed(delta, context);
  } catch (error) {
    return buildNackOfAll(`could not be applied: ${errorMessage(error)}`);
  }
  remember(delta, rejected, context);
  const all = [...parsed.refused, ...rejected];
  return all.length === 0 ? undefined : buildNack(all);
}

async function applyTimed(delta: ResourceDelta, context: TakeContext): Promise<readonly Rejected[]> {
  const { typeUrl, upserts, removals } = delta;
  if (upserts.length + removals.length === 0) return [];
  const startedAt = context.clock.now();
  const rejected = await context.apply(delta);
  const ms = context.clock.now() - startedAt;
  const counts = { upserts: upserts.length, removals: removals.length, refused: rejected.length };
  context.logger.debug({ typeUrl, ...counts, ms }, "applied a push");
  return rejected;
}

function remember(delta: ResourceDelta, rejected: readonly Rejected[], { held, wants }: TakeContext): void {
  const refused = new Set(rejected.map(({ name }) => name));
  for (const resource of delta.upserts) {
    // It may have been unsubscribed from while it was being applied.
    if (!wants(delta.typeUrl, resource.name)) continue;
    if (refused.has(resource.name)) held.refuse(delta.typeUrl, resource.name);
    else held.set(resource);
  }
  for (const name of delta.removals) if (!refused.has(name)) held.delete(delta.typeUrl, name);
}
