/** Runs an example's checks in both forms, on real processes, and says of each rule whether it holds. */
import { type Backend, openBackend } from "./backend.ts";
import { closeConnections } from "./ask.ts";
import type { Check, Example, RunningExample } from "./example.ts";
import { forms, type Form, startWaystone } from "./forms.ts";

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

export async function checkExamples(examples: readonly Example[]): Promise<Outcome> {
  const outcome = { passed: 0, failed: 0 };
  for (const example of examples) {
    for (const form of forms) {
      const { passed, failed } = await checkInForm(example, form);
      outcome.passed += passed;
      outcome.failed += failed;
    }
  }
  closeConnections();
  return outcome;
}

/** For `bin/node examples/<name>/check.ts`. */
export async function checkAndExit(examples: readonly Example[]): Promise<void> {
  const { passed, failed } = await checkExamples(examples);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function checkInForm(example: Example, form: Form): Promise<Outcome> {
  console.log(`${example.name}, ${form}`);
  const backends: Backend[] = [];
  try {
    for (const options of example.backends) backends.push(await openBackend(options));
    const waystone = await startWaystone(form, example.manifests);
    try {
      return await runChecks(example.checks, { backend: (name) => findBackend(backends, name) });
    } finally {
      await waystone.stop();
    }
  } catch (error) {
    console.log(`  FAILED  it starts: ${describe(error)}`);
    return { passed: 0, failed: example.checks.length };
  } finally {
    for (const backend of backends) await backend.close();
  }
}

async function runChecks(checks: readonly Check[], running: RunningExample): Promise<Outcome> {
  let passed = 0;
  for (const { rule, holds } of checks) {
    try {
      await holds(running);
      passed++;
      console.log(`  ok      ${rule}`);
    } catch (error) {
      console.log(`  FAILED  ${rule}: ${describe(error)}`);
    }
  }
  return { passed, failed: checks.length - passed };
}

function findBackend(backends: readonly Backend[], name: string): Backend {
  const found = backends.find((backend) => backend.name === name);
  if (found === undefined) throw new Error(`the example has no backend ${name}`);
  return found;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
