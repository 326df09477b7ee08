import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repositoryRoot, runNode } from "./run-command.ts";
import {
  linesOf,
  readVitestReport,
  reportArguments,
  type VitestReport,
  withFailureOtherwise,
} from "./vitest-report.ts";

const specimens = {
  "tries.test.js": `
    let tries = 0;
    test("passes", () => {});
    test("passes at last", () => { if (tries++ === 0) throw new Error("unlucky"); });
    describe("in a group", () => {
      let count = 0;
      test("fails for what its first try left", () => { throw new Error(count++ === 0 ? "unlucky" : "it exists"); });
      test("fails alike", () => { throw new Error("wrong\\nand more of it"); });
    });`,
  "hooks.test.js": `
    test("passes", () => {});
    describe("not prepared", () => {
      beforeAll(() => { throw new Error("no cluster"); });
      test("one", () => {});
      test("two", () => {});
    });
    describe("not tidied up", () => {
      afterAll(() => { throw new Error("still there"); });
      test("passes", () => {});
    });`,
  "broken.test.js": `throw new Error("it does not load");`,
  "stray.test.js": `test("passes", () => { queueMicrotask(() => { throw new Error("stray"); }); });`,
};

let folder: string;
let report: VitestReport;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "waystone-reporter-"));
  for (const [name, text] of Object.entries(specimens)) await writeFile(path.join(folder, name), text);
  const vitest = path.join(repositoryRoot, "node_modules/vitest/vitest.mjs");
  const file = path.join(folder, "report.json");
  const options = ["--root", folder, "--globals", "--retry=1", "--pool=threads", "--maxWorkers=1"];
  await runNode([vitest, "run", ...reportArguments("default", file), ...options]);
  report = await readVitestReport(file);
}, 120_000);

afterAll(async () => await rm(folder, { recursive: true, force: true }));

function linesAbout(words: string): readonly string[] {
  const place = path.relative(repositoryRoot, folder);
  return linesOf(report)
    .filter((line) => line.includes(words))
    .map((line) => line.replace(`${place}/`, ""));
}

describe("the report of a run", () => {
  test("counts what passed, and whatever failed, be it a test or not", () => {
    expect([report.passed, report.failed]).toEqual([5, 6]);
    expect(report.failures).toHaveLength(6);
  });

  test("names as flaky what passed at its second try, with what the first one said", () => {
    expect(linesAbout("flaky")).toEqual(["flaky: tries.test.js > passes at last: Error: unlucky"]);
  });

  test("says of a test that failed twice what each try said, so that a second failure for the first one is seen", () => {
    expect(linesAbout("in a group")).toEqual([
      "failed: tries.test.js > in a group > fails for what its first try left: Error: unlucky; the next time: Error: it exists",
      "failed: tries.test.js > in a group > fails alike: Error: wrong; the next time: the same",
    ]);
  });

  test("says of a beforeAll that failed what it said, and how many tests did not run for it", () => {
    expect(linesAbout("hooks.test.js")).toEqual([
      "failed: hooks.test.js > not prepared, outside of its tests, of which 2 did not run: Error: no cluster",
      "failed: hooks.test.js > not tidied up, outside of its tests: Error: still there",
    ]);
  });

  test("has a line for a file that does not load, and for an error that nobody caught", () => {
    expect(linesAbout("broken.test.js")).toEqual([
      "failed: broken.test.js, outside of its tests: Error: it does not load",
    ]);
    expect(linesAbout("stray")).toEqual(["failed: caught by nobody: Error: stray"]);
  });
});

describe("a run that says of nothing that it failed", () => {
  const counts = { failed: 0, failures: [], flaky: [] };

  test("has failed where there is no report: vitest ended before its end", async () => {
    const none = await readVitestReport(path.join(folder, "none.json"));
    expect(none).toEqual({ passed: 0, ...counts });
    expect(linesOf(withFailureOtherwise(none, 0))).toEqual([
      "failed: vitest ended with exit code 0, and no test ran",
    ]);
  });

  test("has failed where vitest says so by its exit code", () => {
    expect(withFailureOtherwise({ passed: 3, ...counts }, 1)).toMatchObject({
      failed: 1,
      failures: ["vitest ended with exit code 1, and nothing is said to have failed"],
    });
    expect(withFailureOtherwise({ passed: 3, ...counts }, 0)).toEqual({ passed: 3, ...counts });
  });
});
