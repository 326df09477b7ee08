/**
 * A bad day of an API server, from a seed: writes and faults, some time apart. The same seed is the same day, so that a test
 * which fails says all with one number.
 */
import type { Rng } from "@waystone/base/rng";
import type { RequestFault, StreamFault, Verb } from "./faults.ts";
import type { FaultyApiServer } from "./faulty-api-server.ts";
import type { WatchMode } from "./open-watch.ts";

export type Action =
  | { readonly type: "put" | "remove"; readonly name: string; readonly value: string }
  | { readonly type: "request"; readonly on: Verb; readonly fault: RequestFault; readonly times: number }
  | { readonly type: "stream"; readonly fault: StreamFault }
  | { readonly type: "compact" | "bookmark" | "down" | "up" }
  /** The database goes back to where it was some writes ago. */
  | { readonly type: "restore"; readonly writes: number };

export interface Step {
  /** After the step before. */
  readonly afterMs: number;
  readonly action: Action;
}

export interface Schedule {
  readonly mode: WatchMode;
  readonly objects: number;
  readonly steps: readonly Step[];
}

/**
 * Versions are this far apart until a restore, and 1 after it: so no version that a client knows of the time that was undone
 * is reached again. A client can't tell such a one from its own, with Kubernetes as it is.
 */
const versionStep = 100;

const names = ["a", "b", "c", "d", "e", "f", "g", "h"];

export function randomSchedule(rng: Rng): Schedule {
  const mode: WatchMode = {
    streaming: pick(rng, ["on", "on", "on", "refused", "ignored"]),
    hasBookmarks: rng.next() < 0.8,
    expiredAs: pick(rng, ["status", "event"]),
  };
  const steps: Step[] = [];
  const count = 10 + Math.floor(rng.next() * 20);
  for (let at = 0; at < count; at++) {
    const action = randomAction(rng);
    // One is enough: see versionStep.
    if (action.type === "restore" && steps.some((step) => step.action.type === "restore")) continue;
    steps.push({ afterMs: randomGapMs(rng), action });
    if (action.type === "down") steps.push({ afterMs: rng.next() * 40_000, action: { type: "up" } });
  }
  return { mode, objects: Math.floor(rng.next() * names.length), steps };
}

/** Before the first step. */
export function prepare(server: FaultyApiServer, plural: string, { mode, objects }: Schedule): void {
  Object.assign(server.watchMode, mode);
  server.store.step = versionStep;
  for (const name of names.slice(0, objects)) runAction(server, plural, { type: "put", name, value: "0" });
}

export function runAction(server: FaultyApiServer, plural: string, action: Action): void {
  switch (action.type) {
    case "put":
      server.put(plural, {
        metadata: { name: action.name, namespace: "shop", labels: { value: action.value } },
      });
      return;
    case "remove":
      if (server.get(plural, `shop/${action.name}`) !== undefined)
        server.remove(plural, `shop/${action.name}`);
      return;
    case "request":
      for (let at = 0; at < action.times; at++) server.faults.add(action.on, action.fault);
      return;
    case "stream":
      server.disturb(action.fault);
      return;
    case "compact":
      server.store.advance(server.store.step);
      server.store.compact();
      return;
    case "bookmark":
      server.bookmark();
      return;
    case "down":
      server.isDown = true;
      server.disturb({ type: "cut" });
      return;
    case "up":
      server.isDown = false;
      return;
    case "restore":
      server.restore(server.store.version - action.writes * versionStep);
      server.store.step = 1;
      return;
  }
}

/** Half of what happens is writes: faults matter while something changes. */
function randomAction(rng: Rng): Action {
  const name = pick(rng, names);
  const kind = rng.next();
  if (kind < 0.4) return { type: "put", name, value: String(Math.floor(rng.next() * 1000)) };
  if (kind < 0.5) return { type: "remove", name, value: "" };
  if (kind < 0.75) return { type: "stream", fault: randomStreamFault(rng) };
  if (kind < 0.87) {
    const on = pick<Verb>(rng, ["list", "watch", "any", "any"]);
    return { type: "request", on, fault: randomRequestFault(rng), times: 1 + Math.floor(rng.next() * 2) };
  }
  if (kind < 0.92) return { type: "compact" };
  if (kind < 0.95) return { type: "bookmark" };
  if (kind < 0.98) return { type: "down" };
  return { type: "restore", writes: Math.floor(rng.next() * 6) };
}

function randomStreamFault(rng: Rng): StreamFault {
  return pick<StreamFault>(rng, [
    { type: "cut" },
    { type: "end" },
    { type: "truncate", isClean: rng.next() < 0.5 },
    { type: "stall" },
    { type: "repeat", count: 1 + Math.floor(rng.next() * 8) },
    { type: "swap" },
    { type: "error", code: pick(rng, [410, 500]) },
    { type: "error", code: 429, retryAfterS: 1 + Math.floor(rng.next() * 10) },
    { type: "garbage" },
  ]);
}

function randomRequestFault(rng: Rng): RequestFault {
  const retryAfterS = 1 + Math.floor(rng.next() * 20);
  return pick<RequestFault>(rng, [
    { type: "status", status: pick(rng, [500, 502, 504]) },
    { type: "status", status: 410, reason: "Expired" },
    { type: "status", status: 429, reason: "TooManyRequests", retryAfterS },
    { type: "status", status: 503, reason: "ServiceUnavailable", retryAfterS },
    { type: "status", status: 401, reason: "Unauthorized" },
    { type: "reset" },
    { type: "half" },
    { type: "html" },
    { type: "hang" },
  ]);
}

/** Most things happen at once or in quick succession; now and then a while passes. */
function randomGapMs(rng: Rng): number {
  const kind = rng.next();
  if (kind < 0.4) return 0;
  return kind < 0.8 ? rng.next() * 2_000 : rng.next() * 60_000;
}

function pick<T>(rng: Rng, from: readonly T[]): T {
  return from[Math.floor(rng.next() * from.length)]!;
}
