/** Starts a program of the cluster inside a node, under our own build of it. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { programFile, programPath } from "./build/built-files.ts";
import { inNode, type NodeNamespace } from "./node-namespace.ts";
import { startProcess } from "./start-process.ts";
import type { StateDir } from "./state-dir.ts";

/** A flag that is an empty string is set to nothing; one that is undefined is left out. */
export type Flags = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ClusterProgram {
  readonly program: string;
  /** Names the record and the log; the program's name when it is left out. */
  readonly name?: string;
  readonly flags: Flags;
}

export async function startInNode(
  state: StateDir,
  node: NodeNamespace,
  { program, name = program, flags }: ClusterProgram,
): Promise<void> {
  const args = Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}=${value}`],
  );
  const temporary = path.join(state.nodeFolder(node.name), "tmp");
  mkdirSync(temporary, { recursive: true });
  await startProcess(state, {
    name,
    command: inNode(node, [programFile(program), ...args]),
    environment: { PATH: programPath(), TMPDIR: temporary, HOME: temporary },
  });
}
