/**
 * A reporter for vitest that writes a VitestReport. Its own JSON reporter says nothing of a `beforeAll` that failed inside a
 * `describe`, whose tests then do not run, nor which try of a test said what.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite, Vitest } from "vitest/node";
import { repositoryRoot } from "./run-command.ts";
import type { VitestReport } from "./vitest-report.ts";

export default class VitestReporter implements Reporter {
  #file: string | undefined;

  onInit({ config: { outputFile } }: Vitest): void {
    this.#file = typeof outputFile === "object" ? outputFile["waystone"] : undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    if (this.#file === undefined) throw new Error("where to? it takes --outputFile.waystone=FILE");
    writeFileSync(this.#file, JSON.stringify(reportOf(modules, unhandled)));
  }
}

function reportOf(modules: readonly TestModule[], unhandled: readonly SerializedError[]): VitestReport {
  const tests = modules.flatMap(({ children }) => [...children.allTests()]);
  const inState = (state: string): readonly TestCase[] =>
    tests.filter((test) => test.result().state === state);
  const passed = inState("passed");
  const failures = [
    ...modules.flatMap(outsideOfTests),
    ...inState("failed").map(lineOf),
    ...unhandled.map((error) => `caught by nobody: ${firstLines(error)}`),
  ];
  const flaky = passed.filter((test) => test.diagnostic()?.flaky).map(lineOf);
  return { passed: passed.length, failed: failures.length, failures, flaky };
}

/** What failed in hooks, or while the file was loaded; and the file whose thread was gone before its end. */
function outsideOfTests(module: TestModule): readonly string[] {
  const failed = [module, ...module.children.allSuites()].flatMap((each) => {
    const notRun = [...each.children.allTests("skipped")].length;
    const what =
      notRun === 0 ? "outside of its tests" : `outside of its tests, of which ${notRun} did not run`;
    return each.errors().map((error) => `${placeOf(each)}, ${what}: ${firstLines(error)}`);
  });
  const isUnfinished = ["pending", "queued"].includes(module.state());
  return isUnfinished ? [...failed, `${placeOf(module)}: it did not come to its end`] : failed;
}

/** With the words of every try: the second may have failed only for what the first left behind. */
function lineOf(test: TestCase): string {
  const said = test.attempts().flatMap(({ errors }) => (errors === undefined ? [] : firstLines(errors[0])));
  const tries = said.map((text, at) => (at > 0 && text === said[at - 1] ? "the same" : text));
  return `${placeOf(test)}: ${tries.join("; the next time: ")}`;
}

function placeOf(task: TestModule | TestSuite | TestCase): string {
  const file = task.type === "module" ? task.moduleId : task.module.moduleId;
  const relative = path.relative(repositoryRoot, file);
  return task.type === "module" ? relative : `${relative} > ${task.fullName}`;
}

/** Of a property also its seed and counterexample, which stand in the two lines after. */
function firstLines(error: SerializedError | undefined): string {
  const text = error?.stack ?? error?.message ?? "";
  return text
    .split("\n", text.startsWith("Error: Property failed") ? 3 : 1)
    .join(" ")
    .trim();
}
