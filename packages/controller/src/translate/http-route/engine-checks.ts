/**
 * Asks the engine, which a waypoint compiles routes with, whether it would take a part of one: what is pushed is then never
 * refused for it, and people read one wording wherever they look.
 */
import { Problems } from "@waystone/engine/route/problems";
import type { Findings } from "./findings.ts";

/** `compile` adds to the problems it is given; each becomes a finding. */
export function checkWithEngine(findings: Findings, compile: (problems: Problems) => void): void {
  const problems = new Problems();
  compile(problems);
  for (const reason of problems.reasons)
    findings.invalid.push({ reason: "UnsupportedValue", message: reason });
}
