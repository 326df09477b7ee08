/**
 * Asks the engine, which a waypoint compiles routes with, whether it would take a part of one: what is pushed is then never
 * refused for it, and people read one wording wherever they look.
 */
import { Problems } from "@waystone/engine/route/problems";
import type { Faults } from "./faults.ts";

/** `compile` adds to the problems it is given; each becomes a fault. */
export function checkWithEngine(faults: Faults, compile: (problems: Problems) => void): void {
  const problems = new Problems();
  compile(problems);
  for (const reason of problems.reasons) {
    const colon = reason.indexOf(": ");
    faults.refuse(reason.slice(0, colon), reason.slice(colon + 2));
  }
}
