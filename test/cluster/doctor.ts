/** `doctor`: says what this machine lacks, and the one command that gets it. */
import { type Requirement, requirements } from "./machine-requirements.ts";

export interface Finding {
  readonly requirement: Requirement;
  readonly problem: string;
}

export async function findProblems(neededTo?: Requirement["neededTo"]): Promise<readonly Finding[]> {
  const asked = requirements.filter((each) => neededTo === undefined || each.neededTo === neededTo);
  const found = await Promise.all(
    asked.map(async (requirement) => ({ requirement, problem: await requirement.check() })),
  );
  return found.flatMap(({ requirement, problem }) =>
    problem === undefined ? [] : [{ requirement, problem }],
  );
}

/** One command for all that packages bring, then one line for each of the rest. */
export function describeRemedies(findings: readonly Finding[]): readonly string[] {
  const packages = findings.flatMap(({ requirement }) => requirement.debianPackage ?? []);
  const others = findings.flatMap(({ requirement }) => requirement.remedy ?? []);
  const install = `apt-get install -y --no-install-recommends ${[...new Set(packages)].join(" ")}`;
  return [...(packages.length === 0 ? [] : [install]), ...others];
}

/** True when nothing is missing. */
export async function printDiagnosis(): Promise<boolean> {
  const findings = await findProblems();
  for (const requirement of requirements) {
    const problem = findings.find((finding) => finding.requirement === requirement)?.problem;
    console.log(
      `${problem === undefined ? "ok     " : "MISSING"} ${requirement.name}${problem === undefined ? "" : `: ${problem}`}`,
    );
  }
  const remedies = describeRemedies(findings);
  console.log(
    remedies.length === 0 ? "this machine has all that the cluster needs" : "to get what is missing:",
  );
  for (const remedy of remedies) console.log(`  ${remedy}`);
  return findings.length === 0;
}

export async function requireMachine(neededTo: Requirement["neededTo"]): Promise<void> {
  const findings = await findProblems(neededTo);
  if (findings.length === 0) return;
  const lines = findings.map(({ requirement, problem }) => `${requirement.name}: ${problem}`);
  throw new Error(
    `this machine cannot ${neededTo} the cluster. ${lines.join("; ")}. To get it: ${describeRemedies(findings).join("; ")}`,
  );
}
