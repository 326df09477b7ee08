/**
 * `npm run test:attacks [-- --only WORDS]`: one peer means harm, and the others must not notice (docs/security.md). Every attack in
 * processes of its own; then what a whole waypoint does when descriptors or memory run out. Ends with "N passed, N failed".
 */
import { parseArgs } from "node:util";
import { findProgram } from "../process/find-program.ts";
import type { Attack } from "./attack.ts";
import { Bed } from "./bed.ts";
import { allAttacks } from "./attacks/all-attacks.ts";
import { type AttackResult, runAttack } from "./run-attack.ts";
import { mib, ms, problemsOf } from "./verdict.ts";
import { wholeCases } from "./whole/whole-cases.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const isWanted = (name: string): boolean => name.toLowerCase().includes(values.only.toLowerCase());
/** A machine that is busy with other things shows in one try or two; a data plane that gives way shows in each. */
const tries = 3;
let passed = 0;
let failed = 0;
let bed: Bed | undefined;

for (const attack of allAttacks) {
  if (!isWanted(attack.name)) continue;
  if (attack.needs !== undefined && findProgram(attack.needs) === undefined) {
    console.log(`skipped [${attack.id}] ${attack.name}: ${attack.needs} is not installed`);
    continue;
  }
  await report(attack, async () => {
    await playAttack(attack);
    return "";
  });
}
await bed?.close();
for (const { name, id, run } of wholeCases) {
  if (!isWanted(name)) continue;
  await report({ id, name }, async () => `: ${await run()}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Undefined: it failed as often as that. */
async function tryOften<Said>(run: () => Promise<Said>, name: string): Promise<Said | undefined> {
  for (let at = 1; at <= tries; at++) {
    try {
      return await run();
    } catch (error) {
      console.log(`        ${name}, try ${at}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return undefined;
}

/** Fails with what is wrong. */
async function playAttack(attack: Attack): Promise<void> {
  try {
    bed ??= await Bed.open();
    const result = await runAttack(bed, attack);
    console.log(`        [${attack.id}] ${attack.name}: ${describe(result)}`);
    const problems = [...problemsOf(result, attack.floorMs)];
    if ((result.tally[attack.mustCount] ?? 0) === 0) problems.push(`not one of "${attack.mustCount}"`);
    if (problems.length > 0) throw new Error(problems.join("; "));
  } finally {
    if (bed?.isWhole === false) {
      await bed.close();
      bed = undefined;
    }
  }
}

/** Counts and says how it went. */
async function report({ id, name }: Pick<Attack, "id" | "name">, run: () => Promise<string>): Promise<void> {
  const said = await tryOften(run, name);
  if (said === undefined) failed += 1;
  else passed += 1;
  console.log(
    `${said === undefined ? "FAILED " : "ok     "} [${id}] ${name}${said === undefined ? "" : said}`,
  );
}

function describe({ quiet, attacked, before, after, tally }: AttackResult): string {
  const counted = Object.entries(tally).map(([what, times]) => `${times} ${what}`);
  const others = `others' p99 ${ms(quiet.p99Ms)} -> ${ms(attacked.p99Ms)} (starved ${attacked.starvation.toFixed(1)} x), ${attacked.failed} of ${attacked.answered + attacked.failed} failed`;
  const memory = `in use ${mib(after.usedBytes - before.usedBytes)}, resident ${mib(after.rssBytes - before.rssBytes)} more`;
  const turn = `turns of ${ms(after.turns.p99Ms)} (p99), ${ms(after.turns.longestMs)} at most`;
  return [counted.join(", "), others, turn, memory].join("; ");
}
