/** Plays the task pages of docs/ on one machine: objects are saved into the folder that `waystone run` reads. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Backend, openBackend } from "../harness/backend.ts";
import type { Outcome } from "../harness/check-example.ts";
import { startWaystone } from "../harness/forms.ts";
import { repository } from "../harness/waystone-process.ts";
import { playSteps } from "./play-steps.ts";
import { type Play, readPlays } from "./read-plays.ts";
import { findWorld } from "./worlds.ts";

const docs = path.join(repository, "docs");
const patienceMs = 30_000;
/** What pages call the admin address of `waystone run`. */
export const usualAdmin = "127.0.0.1:15000";
/** What only a cluster has: kubectl, and rights on Secrets. */
const forClusters = /^(kubectl|waystone (grant|revoke)) /;

export interface PlayOfPage extends Play {
  readonly page: string;
}

export function readAllPlays(): readonly PlayOfPage[] {
  const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));
  return pages.flatMap((page) =>
    readPlays(readFileSync(path.join(docs, page), "utf8")).map((play) => ({ ...play, page })),
  );
}

export async function playPages(): Promise<Outcome> {
  const outcome = { passed: 0, failed: 0 };
  for (const play of readAllPlays()) {
    console.log(`docs/${play.page}, ${play.title}`);
    const { passed, failed } = await playOne(play);
    outcome.passed += passed;
    outcome.failed += failed;
  }
  return outcome;
}

async function playOne({ world: name, steps }: Play): Promise<Outcome> {
  const world = findWorld(name);
  const folder = mkdtempSync(path.join(os.tmpdir(), "waystone-task-"));
  const backends: Backend[] = [];
  try {
    cpSync(world.manifests, folder, { recursive: true });
    for (const options of world.backends) backends.push(await openBackend(options));
    const waystone = await startWaystone("one process", folder);
    try {
      const { passed, fault } = await playSteps(steps, {
        folder,
        patienceMs,
        apply: async ({ file, text }) => writeFileSync(path.join(folder, file), text),
        adapt: (command) =>
          forClusters.test(command) ? undefined : command.replaceAll(usualAdmin, waystone.statusAddress),
      });
      if (fault !== undefined) console.log(`  ${fault}`);
      return { passed, failed: fault === undefined ? 0 : 1 };
    } finally {
      await waystone.stop();
    }
  } finally {
    for (const backend of backends) await backend.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
