/** `waystone policy impact`, from its flags to its text. */
import { errorMessage } from "@waystone/base/error-message";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { renderTable } from "@waystone/base/table";
import { CliError } from "../cli-error.ts";
import type { PolicyImpactOptions } from "../commands/policy-impact.ts";
import { openFileWorld, type World } from "../explain/world.ts";
import { renderYaml } from "../output/render-yaml.ts";
import { gatherImpact, type Impact } from "./gather-impact.ts";

export async function policyImpact(options: PolicyImpactOptions): Promise<string> {
  const { filename, present, accessLog, output } = options;
  const { before, after } = await openWorlds(options);
  try {
    const impact = await gatherImpact({ before, after }, readLines(accessLog));
    if (output === "text")
      return renderImpact(impact, [...filename], before.isLive ? "the cluster" : present.join(", "));
    return output === "json" ? `${JSON.stringify(impact, null, 2)}\n` : renderYaml(impact);
  } finally {
    before.close();
    after.close();
  }
}

async function openWorlds(options: PolicyImpactOptions): Promise<{ before: World; after: World }> {
  const { filename, present } = options;
  if (present.length === 0) {
    const { openClusterWorlds } = await import("../explain/cluster-world.ts");
    return await openClusterWorlds(options, filename);
  }
  const before = await openFileWorld(present);
  // Of one object in two places the first counts: what is new takes the place of what is there.
  const after = await openFileWorld([...filename, ...present]);
  const problems = after.problems().filter((problem) => !problem.includes("is already defined at"));
  if (problems.length > 0)
    throw new CliError(
      ["the files have problems, so that nothing is judged by them", ...problems].join("\n  "),
    );
  return { before, after };
}

async function* readLines(file: string): AsyncIterable<string> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw new CliError(`--access-log: ${errorMessage(error)}`);
  }
}

export function renderImpact(impact: Impact, files: readonly string[], present: string): string {
  const { lines, unchanged, changes, unjudged, answeredOtherwise } = impact;
  const changed = changes.reduce((sum, { count }) => sum + count, 0);
  const parts = [
    `${lines} requests, with ${files.join(", ")} over ${present}: ${changed} would change, ${unchanged} would not\n`,
  ];
  if (changes.length > 0) {
    const rows = changes.map((each) => [
      `${each.count}`,
      each.client,
      each.service,
      each.operation,
      `${each.before} -> ${each.after}`,
      each.policies.join(", ") || "-",
    ]);
    parts.push(renderTable(["COUNT", "CLIENT", "SERVICE", "OPERATION", "VERDICT", "POLICY"], rows));
  }
  const notes = Object.entries(unjudged).map(([reason, count]) => `${count} cannot be judged: ${reason}`);
  if (answeredOtherwise > 0)
    notes.push(`${answeredOtherwise} were answered otherwise than what is in force now would`);
  if (notes.length > 0) parts.push(`${notes.join("\n")}\n`);
  return parts.join("\n");
}
