/**
 * The endpoints of a backend by the hash that tokens name them by. Every waypoint and worker computes it alike, from what the
 * controller tells all of them; an address alone never is in it twice, as another pod there is another endpoint. Made when a
 * session first needs it, and again when the endpoints have changed: backends without sessions cost nothing.
 */
import { hash } from "node:crypto";
import { hashLength } from "@waystone/engine/session/session-token";
import type { Backend, Endpoint } from "../store/snapshot.ts";

export interface SessionIndex {
  readonly endpoints: readonly Endpoint[];
  readonly lingering: readonly Endpoint[];
  readonly byHash: ReadonlyMap<string, Endpoint>;
  readonly hashes: ReadonlyMap<Endpoint, string>;
}

const known = new WeakMap<Backend, SessionIndex>();

export function sessionIndex(backend: Backend): SessionIndex {
  let index = known.get(backend);
  if (index?.endpoints !== backend.endpoints || index.lingering !== backend.lingering) {
    index = buildIndex(backend);
    known.set(backend, index);
  }
  return index;
}

function buildIndex(backend: Backend): SessionIndex {
  const { endpoints, lingering } = backend;
  const byHash = new Map<string, Endpoint>();
  const hashes = new Map<Endpoint, string>();
  for (const endpoint of [...endpoints, ...lingering]) {
    const token = endpointHash(backend, endpoint);
    byHash.set(token, endpoint);
    hashes.set(endpoint, token);
  }
  return { endpoints, lingering, byHash, hashes };
}

function endpointHash(backend: Backend, { key, labels }: Endpoint): string {
  const name = `${backend.key} ${key} ${labels?.namespace ?? ""}/${labels?.pod ?? ""}`;
  return hash("sha256", name, "base64url").slice(0, hashLength);
}
