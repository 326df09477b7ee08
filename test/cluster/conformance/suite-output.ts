/**
 * The output of a Go test, read line by line: which of the suite's tests passed, failed and were skipped. Skips count only
 * for mesh tests: all tests for Gateways are in the suite too, and say that they are skipped.
 */

export interface TestOutcome {
  readonly name: string;
  readonly verdict: "PASS" | "FAIL" | "SKIP";
  readonly seconds: number;
}

const verdictLine = /^ {4}--- (PASS|FAIL|SKIP): TestConformance\/(\w+) \((\d+(?:\.\d+)?)s\)$/;

/** undefined: the line is no verdict on one of the suite's tests (but on a case of one, or something else). */
export function parseVerdict(line: string): TestOutcome | undefined {
  const [, verdict, name = "", seconds] = verdictLine.exec(line) ?? [];
  if (verdict !== "PASS" && verdict !== "FAIL" && verdict !== "SKIP") return undefined;
  if (verdict === "SKIP" && !name.startsWith("Mesh")) return undefined;
  return { name, verdict, seconds: Number(seconds) };
}

export function describeOutcome({ name, verdict, seconds }: TestOutcome): string {
  return `${verdict}  ${seconds.toFixed(1).padStart(6)} s  ${name}`;
}

/** Nothing passed and nothing failed is a failure: of the set-up, whose tests then never began. */
export function countOutcomes(
  outcomes: readonly TestOutcome[],
  exitCode: number,
): { readonly passed: number; readonly failed: number; readonly skipped: number } {
  const count = (wanted: TestOutcome["verdict"]): number =>
    outcomes.filter(({ verdict }) => verdict === wanted).length;
  const passed = count("PASS");
  const failed = count("FAIL");
  const failedOtherwise = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: failedOtherwise ? 1 : failed, skipped: count("SKIP") };
}
