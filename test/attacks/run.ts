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
let passed = 0;
let failed = 0;
let bed: Bed | undefined;

for (const attack of allAttacks) {
  if (!isWanted(attack.name)) continue;
  if (attack.needs !== undefined && findProgram(attack.needs) === undefined) {
    console.log(`skipped [${attack.id}] ${attack.name}: ${attack.needs} is not installed`);
    continue;
  }
  // A machine that is busy with other things shows in one try; a data plane that gives way shows in both.
  report(attack, (await tryOnce(attack)) ?? (await tryOnce(attack)));
}
await bed?.close();
for (const { name, id, run } of wholeCases) {
  if (!isWanted(name)) continue;
  try {
    console.log(`ok      [${id}] ${name}: ${await run()}`);
    passed += 1;
  } catch (error) {
    console.log(`FAILED  [${id}] ${name}: ${error instanceof Error ? error.message : String(error)}`);
    failed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Undefined: worth another try. */
async function tryOnce(attack: Attack): Promise<readonly string[] | undefined> {
  const problems: string[] = [];
  let figures = "";
  try {
    bed ??= await Bed.open();
    const result = await runAttack(bed, attack);
    problems.push(...problemsOf(result, attack.floorMs));
    if ((result.tally[attack.mustCount] ?? 0) === 0) problems.push(`not one of "${attack.mustCount}"`);
    figures = describe(result);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  if (bed?.isWhole === false) {
    await bed.close();
    bed = undefined;
  }
  console.log(`        [${attack.id}] ${attack.name}: ${figures}`);
  for (const problem of problems) console.log(`        ${problem}`);
  return problems.length === 0 ? [] : undefined;
}

function report(attack: Attack, problems: readonly string[] | undefined): void {
  if (problems === undefined) failed += 1;
  else passed += 1;
  console.log(`${problems === undefined ? "FAILED " : "ok     "} [${attack.id}] ${attack.name}`);
}

function describe({ quiet, attacked, before, after, tally }: AttackResult): string {
  const counted = Object.entries(tally).map(([what, times]) => `${times} ${what}`);
  const others = `others' p99 ${ms(quiet.p99Ms)} -> ${ms(attacked.p99Ms)}, ${attacked.failed} of ${attacked.answered + attacked.failed} failed`;
  const memory = `in use ${mib(after.usedBytes - before.usedBytes)}, resident ${mib(after.rssBytes - before.rssBytes)} more`;
  const turn = `longest turn ${ms(after.longestTurnMs)}`;
  return [counted.join(", "), others, turn, memory].join("; ");
}
