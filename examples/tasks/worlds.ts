/** What a task page may be played on: manifests that are there before its first step, and the backends that they name. */
import path from "node:path";
import type { BackendOptions } from "../harness/backend.ts";

export interface World {
  readonly manifests: string;
  readonly backends: readonly BackendOptions[];
}

const folder = (name: string): string => path.join(import.meta.dirname, name);

const worlds: ReadonlyMap<string, World> = new Map([
  [
    "shop",
    {
      manifests: folder("shop"),
      backends: [
        { name: "api", host: "127.21.9.1", port: 9080 },
        { name: "opa", host: "127.21.9.2", port: 9191, habit: "authorizer" },
      ],
    },
  ],
]);

export function findWorld(name: string): World {
  const world = worlds.get(name);
  if (world !== undefined) return world;
  throw new Error(`there is no world ${name}; there are ${[...worlds.keys()].join(", ")}`);
}
