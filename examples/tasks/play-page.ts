/**
 * Plays the task pages of docs/ as a reader would: objects are saved into the folder that `waystone run` reads, commands are run by a
 * shell until they print what the page says, for as long as a change may take.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Backend, openBackend } from "../harness/backend.ts";
import type { Outcome } from "../harness/check-example.ts";
import { startWaystone } from "../harness/forms.ts";
import { repository } from "../harness/waystone-process.ts";
import { type Play, readPlays, type Step } from "./read-plays.ts";
import { worlds } from "./worlds.ts";

const docs = path.join(repository, "docs");
const run = promisify(execFile);
const patienceMs = 30_000;
/** What pages call the admin address of `waystone run`. */
const usualAdmin = "127.0.0.1:15000";

export async function playPages(): Promise<Outcome> {
  const outcome = { passed: 0, failed: 0 };
  for (const page of readdirSync(docs).filter((name) => name.endsWith(".md"))) {
    for (const play of readPlays(readFileSync(path.join(docs, page), "utf8"))) {
      console.log(`docs/${page}, ${play.title}`);
      const { passed, failed } = await playOne(play);
      outcome.passed += passed;
      outcome.failed += failed;
    }
  }
  return outcome;
}

async function playOne({ world: name, steps }: Play): Promise<Outcome> {
  const world = worlds.get(name);
  if (world === undefined)
    throw new Error(`there is no world ${name}; there are ${[...worlds.keys()].join(", ")}`);
  const folder = mkdtempSync(path.join(os.tmpdir(), "waystone-task-"));
  const backends: Backend[] = [];
  try {
    cpSync(world.manifests, folder, { recursive: true });
    for (const options of world.backends) backends.push(await openBackend(options));
    const waystone = await startWaystone("one process", folder);
    try {
      return await playSteps(steps, folder, waystone.statusAddress);
    } finally {
      await waystone.stop();
    }
  } finally {
    for (const backend of backends) await backend.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A step that fails ends the play: those behind it build on it. */
async function playSteps(steps: readonly Step[], folder: string, admin: string): Promise<Outcome> {
  let passed = 0;
  for (const step of steps) {
    if (step.kind === "apply") {
      writeFileSync(path.join(folder, step.file), step.text);
      continue;
    }
    const fault = await faultOf(step, folder, admin);
    console.log(`  ${fault === undefined ? "ok     " : "FAILED "} ${step.command}`);
    if (fault !== undefined) {
      console.log(`  line ${step.line}: ${fault}`);
      return { passed, failed: 1 };
    }
    passed++;
  }
  return { passed, failed: 0 };
}

async function faultOf(
  { command, expected }: Step & { kind: "command" },
  folder: string,
  admin: string,
): Promise<string | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const output = await outputOf(command.replaceAll(usualAdmin, admin), folder);
    const missing = expected.filter((line) => !squeeze(output).includes(squeeze(line)));
    if (missing.length === 0) return undefined;
    if (Date.now() > deadline) return `no ${JSON.stringify(missing[0])} in what it prints:\n${output}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function outputOf(command: string, folder: string): Promise<string> {
  const PATH = `${path.join(repository, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
  try {
    const options = { cwd: folder, env: { ...process.env, PATH }, timeout: patienceMs };
    const { stdout, stderr } = await run("/bin/sh", ["-c", command], options);
    return stdout + stderr;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return stdout + stderr;
  }
}

/** Columns are as wide as their longest cell: how many blanks there are says nothing. */
function squeeze(text: string): string {
  return text.replaceAll(/[ \t]+/g, " ");
}
