/**
 * Which settings may be changed from outside, how each is written, and what is sensible: one row per number or list of
 * `WaypointSettings` (a test compares the two). Bounds refuse what would be a trap, such as a header limit that no request
 * fits into.
 */

export type SettingKind = "bytes" | "count" | "time" | "cidrs";

export interface SettingRule {
  readonly kind: SettingKind;
  readonly least: number;
  readonly most: number;
  /** What 0 means, where 0 is allowed. */
  readonly zero?: string;
}

const mebibyte = 1024 * 1024;
/** Node's timers end at 2^31 - 1 milliseconds, a little above this. */
const longestMs = 24 * 86_400_000;

export const settingRules: Readonly<Record<string, SettingRule>> = {
  "limits.headerBytes": bytes(1024, mebibyte),
  "limits.headerCount": count(10, 10_000),
  "limits.targetBytes": bytes(256, mebibyte),
  "limits.chunkExtensionBytes": bytes(0, mebibyte, "none are allowed"),
  "limits.trailerBytes": bytes(0, mebibyte, "none are allowed"),
  "limits.bufferBytes": bytes(4096, 64 * mebibyte),
  "limits.replayBytes": bytes(0, 64 * mebibyte, "requests with a body are never retried"),
  "limits.unfinishedHeadBytes": bytes(64 * 1024, 1024 * mebibyte),
  "limits.connections": count(1, 1_000_000),
  "limits.connectionsPerSource": count(1, 1_000_000),
  "timeouts.headerMs": time(100, "off"),
  "timeouts.idleMs": time(100, "off"),
  "timeouts.streamIdleMs": time(100, "off"),
  "timeouts.requestMs": time(1, "off"),
  "timeouts.connectMs": time(1, "off"),
  "timeouts.bodyMs": time(100, "off"),
  "timeouts.halfClosedMs": time(1, "off"),
  "timeouts.helloMs": time(100, "off"),
  "timeouts.tunnelIdleMs": time(100, "off"),
  "pool.connectionsPerEndpoint": count(1, 65_536),
  "pool.pendingPerEndpoint": count(0, 1_000_000, "nobody waits"),
  "pool.waitingMirrors": count(0, 1_000_000, "none waits"),
  "pool.waitingMirrorBytes": bytes(0, 1024 * mebibyte, "none waits"),
  "pool.idlePerEndpoint": count(0, 65_536, "none is kept"),
  "pool.idleMs": time(1, "off"),
  "pool.requestsPerConnection": count(0, 1_000_000_000, "no limit"),
  "http2.concurrentStreams": count(1, 10_000),
  "http2.streamWindowBytes": bytes(1024, 64 * mebibyte),
  "http2.connectionWindowBytes": bytes(64 * 1024, 1024 * mebibyte),
  "http2.upstreamWindowBytes": bytes(64 * 1024, 1024 * mebibyte),
  "http2.upstreamStreams": count(1, 10_000),
  "http2.upstreamIdleMs": time(100, "off"),
  "http2.maxAgeMs": time(1000, "off"),
  "http2.goawayGraceMs": time(1, "no limit"),
  "overload.sparePercent": count(10, 100, "off"),
  "overload.shedPercent": count(10, 100, "off"),
  "overload.refusePercent": count(10, 100, "off"),
  "forwarding.trustedHops": { kind: "cidrs", least: 0, most: 1000 },
};

export const settingPaths: readonly string[] = Object.keys(settingRules);

/** "limits.headerBytes" is WAYSTONE_LIMITS_HEADER_BYTES. */
export function environmentName(path: string): string {
  return `WAYSTONE_${path.replace(".", "_").replaceAll(/([a-z])([A-Z])/g, "$1_$2")}`.toUpperCase();
}

function bytes(least: number, most: number, zero?: string): SettingRule {
  return { kind: "bytes", least, most, ...(zero === undefined ? {} : { zero }) };
}

function count(least: number, most: number, zero?: string): SettingRule {
  return { kind: "count", least, most, ...(zero === undefined ? {} : { zero }) };
}

function time(least: number, zero: string): SettingRule {
  return { kind: "time", least, most: longestMs, zero };
}
