/**
 * What to do next about the certificate authority, from its record alone. A new one is announced first and signs later, when
 * every waypoint has had the time to read it (the kubelet brings a ConfigMap's change within about two minutes); the old one
 * is believed for a while after that. So no waypoint ever meets a certificate that it can't check, and none has to connect
 * again.
 */
import type { CaRecord } from "./ca-record.ts";

export type CaStep =
  /** There is none, or its time is over: make one that signs at once. */
  | "make"
  /** Make the next one, and show it. */
  | "announce"
  /** The next one signs. */
  | "promote"
  /** The previous one is no longer believed. */
  | "forget"
  | "none";

export interface CaTiming {
  readonly lifetimeMs: number;
  /** Share of the lifetime after which the next one is made. */
  readonly changeAt: number;
  /** How long the next one is shown before it signs. */
  readonly announcedMs: number;
  /** How long the previous one is still believed. */
  readonly believedMs: number;
}

const minuteMs = 60_000;

export const defaultCaTiming: CaTiming = {
  lifetimeMs: 3_652 * 24 * 60 * minuteMs,
  changeAt: 0.8,
  // The ConfigMaps are written within seconds, and kubelets have them within two minutes; the rest is for those that were away.
  announcedMs: 10 * minuteMs,
  believedMs: 60 * minuteMs,
};

export function planCaChange(record: CaRecord | undefined, nowMs: number, timing: CaTiming): CaStep {
  if (record === undefined) return "make";
  const { current, next, previous, isChangeAsked } = record;
  const isOver = nowMs >= current.notAfterMs;
  if (next !== undefined) return isOver || nowMs >= next.sinceMs + timing.announcedMs ? "promote" : "none";
  if (isOver) return "make";
  const lifetimeMs = current.notAfterMs - current.notBeforeMs;
  if (isChangeAsked || nowMs >= current.notBeforeMs + lifetimeMs * timing.changeAt) return "announce";
  return previous !== undefined && nowMs >= previous.untilMs ? "forget" : "none";
}
