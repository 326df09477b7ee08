/** What an example is: a folder with manifests, the backends that they name, and rules that must hold of its answers. */
import { readdirSync } from "node:fs";
import path from "node:path";
import type { Backend, BackendOptions } from "./backend.ts";

export interface Example {
  readonly name: string;
  readonly manifests: string;
  readonly backends: readonly BackendOptions[];
  readonly checks: readonly Check[];
}

export interface Check {
  /** A sentence. */
  readonly rule: string;
  /** Throws where the rule does not hold. */
  readonly holds: (example: RunningExample) => Promise<void>;
}

/** All that a check may know of where it runs: here in one process or two, or on a cluster. */
export interface RunningExample {
  readonly backend: (name: string) => Backend;
}

const folder = path.resolve(import.meta.dirname, "..");

/** No examples of their own: the harness, those that a real cluster plays (test/cluster/suite), and the task pages. */
const others: ReadonlySet<string> = new Set(["harness", "kubernetes", "tasks"]);

export function exampleNames(): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !others.has(entry.name))
    .map(({ name }) => name);
}

/** The default export of examples/<name>/check.ts. */
export async function loadExample(name: string): Promise<Example> {
  if (!exampleNames().includes(name)) {
    throw new Error(`there is no example ${JSON.stringify(name)}; there are ${exampleNames().join(", ")}`);
  }
  const module = (await import(path.join(folder, name, "check.ts"))) as { readonly default: Example };
  return module.default;
}
