/**
 * `npm run fuzz [-- --what h2 --count N --seconds N --seed N]`: noise against a real waypoint (h2, h1) and against single parts
 * (codec, hpack, hello). Each case is decided by its seed; one that breaks a rule is printed with the command that plays it
 * again. Ends with "N passed, N failed", counted by case.
 */
import { parseArgs } from "node:util";
import { fuzzConnection } from "@waystone/waypoint/http/h2/testdata/fuzz-connection";
import { type FuzzTarget, inProcess } from "./fuzz-target.ts";
import { openH1Target } from "./h1-target.ts";
import { openH2Target } from "./h2-target.ts";
import { fuzzHello } from "./hello-target.ts";
import { fuzzHpack } from "./hpack-target.ts";

interface FuzzPart {
  readonly open: () => Promise<FuzzTarget>;
  /** What CI plays; all parts together take about half a minute. */
  readonly usualCount: number;
}

const parts: Readonly<Record<string, FuzzPart>> = {
  h2: { open: openH2Target, usualCount: 5000 },
  h1: { open: openH1Target, usualCount: 3000 },
  codec: { open: inProcess(fuzzConnection), usualCount: 8000 },
  hpack: { open: inProcess(fuzzHpack), usualCount: 10_000 },
  hello: { open: inProcess(fuzzHello), usualCount: 5000 },
};

const { values } = parseArgs({
  options: {
    what: { type: "string", multiple: true },
    count: { type: "string" },
    /** In place of a count, for each part. */
    seconds: { type: "string" },
    /** The first; the others follow. One alone: --count 1. */
    seed: { type: "string", default: "1" },
  },
});

const batch = 200;
const problemsShown = 10;

interface Played {
  readonly passed: number;
  readonly failed: number;
}

async function play(what: string, { open, usualCount }: FuzzPart): Promise<Played> {
  const [start, first] = [performance.now(), Number(values.seed)];
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  const count = seconds === undefined ? Number(values.count ?? usualCount) : Number.POSITIVE_INFINITY;
  const target = await open();
  const problems = new Map<number, string>();
  let played = 0;
  const isOver = (): boolean =>
    played >= count ||
    problems.size >= problemsShown ||
    (seconds !== undefined && performance.now() - start > seconds * 1000);
  while (!isOver()) {
    const seeds = Array.from({ length: Math.min(batch, count - played) }, (_, at) => first + played + at);
    await target.play(seeds, (seed, problem) => {
      if (problems.has(seed)) return;
      problems.set(seed, problem);
      console.log(`FAILED npm run fuzz -- --what ${what} --seed ${seed} --count 1\n    ${problem}`);
    });
    played += seeds.length;
  }
  await target.close();
  const took = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${what}: ${played} cases from seed ${first} on in ${took} s, ${problems.size} failed`);
  return { passed: played - problems.size, failed: problems.size };
}

async function main(): Promise<void> {
  const wanted = values.what ?? Object.keys(parts);
  let [passed, failed] = [0, 0];
  for (const what of wanted) {
    const part = parts[what];
    if (part === undefined)
      throw new Error(`nothing is called ${what}: one of ${Object.keys(parts).join(", ")}`);
    const outcome = await play(what, part);
    passed += outcome.passed;
    failed += outcome.failed;
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
