/** What a task page may be played on: manifests that are there before its first step, and the backends that they name. */
import path from "node:path";
import type { BackendOptions } from "../harness/backend.ts";

export interface World {
  readonly manifests: string;
  readonly backends: readonly BackendOptions[];
}

const folder = (name: string): string => path.join(import.meta.dirname, name);

export const worlds: ReadonlyMap<string, World> = new Map([
  ["shop", { manifests: folder("shop"), backends: [{ name: "api", host: "127.21.9.1", port: 9080 }] }],
]);
