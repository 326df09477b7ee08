/**
 * What a worker that runs out of memory leaves out, the cheapest first. A level is left only when memory has fallen well below
 * the mark that it was entered at: what is let in again must not at once bring it back.
 */
import type { OverloadSettings } from "../settings.ts";

/**
 * none: everything is served. sparing: connections end with their next answer, so that idle memory goes and clients spread.
 * shedding: new requests get 503 with Retry-After. refusing: new connections are reset, idle ones are closed.
 */
export const overloadLevels = ["none", "sparing", "shedding", "refusing"] as const;
export type OverloadLevel = (typeof overloadLevels)[number];

/** How far below its mark a level is left. */
const marginPercent = 5;

/** `use`: of 1. */
export function levelOf(use: number, now: OverloadLevel, settings: OverloadSettings): OverloadLevel {
  const marks = [0, settings.sparePercent, settings.shedPercent, settings.refusePercent];
  const percent = use * 100;
  const held = overloadLevels.indexOf(now);
  for (let index = overloadLevels.length - 1; index > 0; index--) {
    const mark = marks[index]!;
    if (mark === 0) continue;
    if (percent >= (index <= held ? mark - marginPercent : mark)) return overloadLevels[index]!;
  }
  return "none";
}

export function isAtLeast(level: OverloadLevel, least: OverloadLevel): boolean {
  return overloadLevels.indexOf(level) >= overloadLevels.indexOf(least);
}
