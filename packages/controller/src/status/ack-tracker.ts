/**
 * What connected waypoints run: for every Service, slice, route, policy and Secret, the version that each of them ACKed last and the one that it
 * refused. Kept as collections, so that a status follows an ACK as it follows an edit. What a waypoint holds is forgotten
 * when it disconnects, and told again by itself when it comes back.
 */
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import type { Collection, CollectionGraph, Index, SourceCollection } from "@waystone/collection/collection";
import type { AckObserver, ConnectedNode } from "@waystone/xds/resource";

export interface Ack {
  readonly key: string;
  /** undefined: none yet. */
  readonly running: string | undefined;
  /** The latest verdict was a refusal. */
  readonly refused: { readonly version: string | undefined; readonly error: string } | undefined;
}

export interface Acks {
  readonly waypoints: Collection<ConnectedNode>;
  readonly waypointsByScope: Index<ConnectedNode>;
  /** By `ackKey`. */
  readonly acks: Collection<Ack>;
}

/**
 * Statuses depend on Services, routes and policies; a Service is captured when its slices are there too, and what names a Secret is
 * programmed with it. Nobody waits for others.
 */
const trackedTypes: ReadonlySet<TypeUrl> = new Set([
  typeUrls.service,
  typeUrls.endpointSlice,
  typeUrls.route,
  typeUrls.policy,
  typeUrls.secret,
]);

export function ackKey(nodeId: string, typeUrl: TypeUrl, name: string): string {
  return `${nodeId} ${typeUrl} ${name}`;
}

type Verdict = Parameters<AckObserver["acknowledged"]>[2][number];

export class AckTracker implements AckObserver, Acks {
  readonly waypoints: SourceCollection<ConnectedNode>;
  readonly waypointsByScope: Index<ConnectedNode>;
  readonly acks: SourceCollection<Ack>;
  readonly #graph: CollectionGraph;
  readonly #keysByNode = new Map<string, Set<string>>();

  constructor(graph: CollectionGraph) {
    this.#graph = graph;
    this.waypoints = graph.source({ name: "waypoints", key: (node) => node.id });
    this.waypointsByScope = graph.index("waypoints-by-scope", this.waypoints, (node) => [node.scope]);
    this.acks = graph.source({ name: "acks", key: (ack) => ack.key });
  }

  connected(node: ConnectedNode): void {
    this.#keysByNode.set(node.id, new Set());
    this.waypoints.set({ id: node.id, scope: node.scope });
  }

  disconnected(node: ConnectedNode): void {
    const keys = this.#keysByNode.get(node.id) ?? new Set();
    this.#keysByNode.delete(node.id);
    this.#graph.batch(() => {
      this.waypoints.delete(node.id);
      for (const key of keys) this.acks.delete(key);
    });
  }

  acknowledged(node: ConnectedNode, typeUrl: TypeUrl, verdicts: readonly Verdict[]): void {
    const keys = this.#keysByNode.get(node.id);
    if (keys === undefined || !trackedTypes.has(typeUrl)) return;
    this.#graph.batch(() => {
      for (const verdict of verdicts) this.#take(keys, ackKey(node.id, typeUrl, verdict.name), verdict);
    });
  }

  #take(keys: Set<string>, key: string, { version, error }: Verdict): void {
    if (error !== undefined) {
      keys.add(key);
      this.acks.set({
        key,
        running: this.acks.get(key)?.running,
        refused: { version, error: shorten(error) },
      });
    } else if (version !== undefined) {
      keys.add(key);
      this.acks.set({ key, running: version, refused: undefined });
    } else {
      keys.delete(key);
      this.acks.delete(key);
    }
  }
}

/** A waypoint's own words end up in conditions, logs and terminals: bounded, and without control characters. */
function shorten(error: string): string {
  const bounded = error.length <= longestError ? error : `${error.slice(0, longestError)}...`;
  return bounded.replace(/[\p{Cc}\p{Cf}]+/gu, " ");
}

const longestError = 1000;
