/** `npm run check`: all that can be said about the sources without running the product. One line per step. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { generators } from "./generators.ts";
import { type CommandResult, repositoryRoot, runNode } from "./run-command.ts";

interface Step {
  readonly name: string;
  readonly remedy: string;
  run(): Promise<CommandResult>;
}

const tool = (file: string, ...args: readonly string[]): (() => Promise<CommandResult>) => {
  return async () => await runNode([`node_modules/${file}`, ...args]);
};

const steps: readonly Step[] = [
  { name: "format", remedy: "npm run format", run: tool("@biomejs/biome/bin/biome", "format", ".") },
  { name: "lint", remedy: "see above", run: tool("oxlint/bin/oxlint", "--type-aware", "--deny-warnings") },
  { name: "types", remedy: "see above", run: tool("typescript/bin/tsc", "-b") },
  {
    name: "architecture",
    remedy: "see above",
    run: tool("vitest/vitest.mjs", "run", "test/architecture.test.ts", "test/reliability-cases.test.ts"),
  },
  { name: "generated files", remedy: "npm run generate", run: compareGenerated },
  { name: "lock file", remedy: "npm install with the .npmrc of this repository", run: checkLockFile },
];

async function compareGenerated(): Promise<CommandResult> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-generated-"));
  const stale: string[] = [];
  for (const generator of generators) {
    const result = await generator.generate(scratch);
    if (result.exitCode !== 0) return result;
    for (const file of generator.outputs) {
      const [made, kept] = await Promise.all([readText(scratch, file), readText(repositoryRoot, file)]);
      if (made === undefined || made !== kept) stale.push(`${file} is not what ${generator.name} makes`);
    }
  }
  await rm(scratch, { recursive: true, force: true });
  return { exitCode: stale.length === 0 ? 0 : 1, output: stale.join("\n") };
}

async function readText(root: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(root, file), "utf8");
  } catch {
    return undefined;
  }
}

/** Packages are named by version and hash alone: where they were downloaded from is each machine's own matter. */
async function checkLockFile(): Promise<CommandResult> {
  const lines = (await readFile(path.join(repositoryRoot, "package-lock.json"), "utf8")).split("\n");
  const found = lines.flatMap((line, at) =>
    line.includes('"resolved": "http') ? [`line ${at + 1}: ${line.trim()}`] : [],
  );
  return { exitCode: found.length === 0 ? 0 : 1, output: found.join("\n") };
}

let failed = 0;
for (const step of steps) {
  const start = performance.now();
  const { exitCode, output } = await step.run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (exitCode !== 0) {
    failed += 1;
    console.log(output.trimEnd());
  }
  console.log(
    `${exitCode === 0 ? "ok    " : "FAILED"} ${step.name} (${seconds} s)${exitCode === 0 ? "" : `: ${step.remedy}`}`,
  );
}
console.log(`${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
