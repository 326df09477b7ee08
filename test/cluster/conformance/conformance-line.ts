/** Reads the arguments of `npm run conformance`. */
import { StateDir } from "../state-dir.ts";

export interface ConformanceLine {
  readonly profiles: readonly string[];
  /** One test alone: the suite then looks at no features and its report says nothing. */
  readonly test: string | undefined;
  /** A cluster that is up already, and stays: to look around in after a failure. */
  readonly cluster: StateDir | undefined;
}

export const meshProfiles = ["MESH-HTTP", "MESH-GRPC"] as const;

export const usage = `usage: npm run conformance -- [--profile ${meshProfiles.join(",")}] [--run-test NAME] [--cluster NAME]`;

export function parseConformanceLine(args: readonly string[]): ConformanceLine {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    const [option = "", value] = args.slice(at, at + 2);
    if (!options.has(option)) throw new Error(`no option ${option}\n${usage}`);
    if (value === undefined) throw new Error(`${option} needs a value\n${usage}`);
    given.set(option, value);
  }
  const cluster = given.get("--cluster");
  return {
    profiles: parseProfiles(given.get("--profile")),
    test: given.get("--run-test"),
    cluster: cluster === undefined ? undefined : new StateDir(cluster),
  };
}

const options: ReadonlySet<string> = new Set(["--profile", "--run-test", "--cluster"]);

function parseProfiles(text: string | undefined): readonly string[] {
  if (text === undefined) return meshProfiles;
  const known: ReadonlySet<string> = new Set(meshProfiles);
  const profiles = text.split(",");
  const unknown = profiles.filter((profile) => !known.has(profile));
  if (unknown.length === 0) return profiles;
  throw new Error(`--profile ${unknown.join(",")}: there are ${meshProfiles.join(" and ")}`);
}
