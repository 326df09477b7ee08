/** Opens a watch: from a version, from the state, or as a streaming list, in the ways that servers differ. */
import type { ServerResponse } from "node:http";
import type { Clock } from "@waystone/base/clock";
import type { Selectors } from "./matches-selectors.ts";
import type { ObjectStore, StoreEvent } from "./object-store.ts";
import { invalid, StatusError } from "./status-error.ts";
import type { StoredKind } from "./stored-kind.ts";
import { WatchSession } from "./watch-session.ts";

export interface WatchMode {
  /** Streaming lists: "refused" as with the feature off, "ignored" as before there was one. */
  streaming: "on" | "refused" | "ignored";
  hasBookmarks: boolean;
  /** A version that is forgotten: an answer of 410, or 200 and an ERROR event. */
  expiredAs: "status" | "event";
}

export interface OpenWatchOptions {
  readonly store: ObjectStore;
  readonly mode: WatchMode;
  readonly kind: StoredKind;
  readonly selectors: Selectors;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
  readonly clock: Clock;
}

const defaultTimeoutS = 1800;

/** Undefined where it has ended already. */
export function openWatch(options: OpenWatchOptions): WatchSession | undefined {
  const { store, mode, kind, query } = options;
  const isStreaming = query.get("sendInitialEvents") === "true";
  if (isStreaming && mode.streaming === "refused") {
    throw invalid(
      "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled",
    );
  }
  const from = query.get("resourceVersion") ?? "";
  if (isStreaming || from === "" || from === "0") {
    const session = open(options, store.version);
    for (const object of store.list(kind)) session.initial(object);
    if (isStreaming && mode.streaming === "on") session.initialEnd(store.version);
    return session;
  }
  return openFrom(options, Number(from));
}

function openFrom(options: OpenWatchOptions, from: number): WatchSession | undefined {
  const { store, mode, kind } = options;
  let missed: readonly StoreEvent[];
  try {
    missed = store.since(kind, from);
  } catch (thrown) {
    if (!(thrown instanceof StatusError) || mode.expiredAs === "status") throw thrown;
    open(options, from).error(thrown);
    return undefined;
  }
  const session = open(options, from);
  for (const event of missed) session.event(event);
  return session;
}

function open(
  { store, mode, kind, selectors, query, response, clock }: OpenWatchOptions,
  from: number,
): WatchSession {
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  return new WatchSession({
    kind,
    selectors,
    from,
    hasBookmarks: mode.hasBookmarks && query.get("allowWatchBookmarks") === "true",
    timeoutMs: Number(query.get("timeoutSeconds") ?? defaultTimeoutS) * 1000,
    response,
    clock,
    version: () => store.version,
    isStateEndless: query.get("sendInitialEvents") === "true" && mode.streaming === "ignored",
  });
}
