/** What tests fill stores with, and how they read what came of it. */
import type { RequestView } from "@waystone/engine/route/route";
import type { EncodedResource } from "@waystone/xds/resource";
import { expect } from "vitest";
import type { Backend, Snapshot } from "./snapshot.ts";
import type { Store } from "./store.ts";
import { service, slice, upserts } from "./test-resources.ts";

export const place = "127.0.0.10:8080";
export const web = service("shop/web", { ports: [{ port: 80, listen: [place] }] });
export const webSlice = slice("shop/web-1", "shop/web", ["10.0.0.1", "10.0.0.2"]);

export function get(path: string): RequestView {
  return { method: "GET", path, query: "", headerValues: () => [] };
}

export function apply(store: Store, ...resources: EncodedResource[]): Snapshot {
  const { snapshot, rejected } = store.apply(upserts(...resources));
  expect(rejected.flat()).toEqual([]);
  return snapshot;
}

export function addresses(backend: Backend | undefined): string[] | undefined {
  return backend?.endpoints.map(({ key }) => key);
}

/** The backends that the rule which wins for `path` sends to. */
export function served(snapshot: Snapshot, path: string): (string | undefined)[] | undefined {
  const matched = snapshot.listeners.get(place)?.routes?.match(get(path));
  if (matched === undefined) return undefined;
  return snapshot.rules.get(matched.rule)?.backends.map((backend) => backend?.key);
}
