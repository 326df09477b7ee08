/**
 * Reads a waypoint's answer to a push. A NACK of Waystone's carries the refused resources in its details and accepts the
 * rest; one without details, or whose details name nothing of the push, refuses all of it.
 */
import type { DeltaRequest } from "@waystone/api/discovery";
import { rejectionsTypeUrl } from "@waystone/api/names";
import { Rejections } from "@waystone/api/resources";
import type { Push } from "./plan-push.ts";

export interface Verdict {
  readonly name: string;
  readonly version: string | undefined;
  readonly error?: string;
}

type ErrorDetail = NonNullable<DeltaRequest["errorDetail"]>;

/** What a push carried: of upserts the version, of removals none. */
export type PushedNames = ReadonlyMap<string, string | undefined>;

export function listPushed(push: Push): PushedNames {
  const names = new Map<string, string | undefined>();
  for (const name of push.removals) names.set(name, undefined);
  for (const { name, version } of push.upserts) names.set(name, version);
  return names;
}

export function judgePush(pushed: PushedNames, errorDetail: ErrorDetail | null | undefined): Verdict[] {
  const verdicts = [...pushed].map(([name, version]) => ({ name, version }));
  if (!errorDetail) return verdicts;
  const reasons = readRejections(errorDetail);
  if (reasons !== undefined && verdicts.some(({ name }) => reasons.has(name))) {
    return verdicts.map((verdict) => {
      const error = reasons.get(verdict.name);
      return error === undefined ? verdict : { ...verdict, error };
    });
  }
  const error = errorDetail.message || "refused by the waypoint without a reason";
  return verdicts.map((verdict) => ({ ...verdict, error }));
}

function readRejections(errorDetail: ErrorDetail): Map<string, string> | undefined {
  const detail = errorDetail.details?.find(({ typeUrl }) => typeUrl === rejectionsTypeUrl);
  if (!detail?.value) return undefined;
  try {
    const { rejections } = Rejections.decode(detail.value);
    return new Map(rejections.map(({ name, reason }) => [name ?? "", reason || "no reason given"]));
  } catch {
    return undefined;
  }
}
