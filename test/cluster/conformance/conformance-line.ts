/** Reads the arguments of `npm run conformance`. */
import type { GatewayApiChannel, GatewayApiVersion } from "../build/gateway-api.ts";
import { StateDir } from "../state-dir.ts";

export interface ConformanceLine {
  readonly profiles: readonly string[];
  /** One test alone: the suite then looks at no features and its report says nothing. */
  readonly test: string | undefined;
  /** Whose definitions are installed. */
  readonly channel: GatewayApiChannel;
  /** In a row, on one cluster: to see a flake. */
  readonly runs: number;
  /** A cluster that is up already, and stays: to look around in after a failure. */
  readonly cluster: StateDir | undefined;
  /** Who the report is of, where package.json does not say it, or somebody else makes it. */
  readonly identity: { readonly url: string | undefined; readonly contact: string | undefined };
}

/** Of the suite, and of the definitions. */
export const suiteVersion: GatewayApiVersion = "v1.6.3";

export const meshProfiles = ["MESH-HTTP", "MESH-GRPC"] as const;

/** Not claimed: for a look at what is missing. */
export const gatewayProfiles = ["GATEWAY-HTTP", "GATEWAY-GRPC", "GATEWAY-TLS"] as const;

const isOfGateways = (profile: string): boolean => profile.startsWith("GATEWAY-");

/** A look at Gateways rather than a run of what is claimed. */
export function isFirstLook({ profiles }: Pick<ConformanceLine, "profiles">): boolean {
  return profiles.some(isOfGateways);
}

export const usage = `usage: npm run conformance -- [--profile ${meshProfiles.join(",")} | ${gatewayProfiles.join(",")}] [--channel experimental] [--run-test NAME] [--runs N] [--cluster NAME] [--url URL] [--contact WHO]`;

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
    channel: parseChannel(given.get("--channel")),
    runs: parseRuns(given.get("--runs")),
    cluster: cluster === undefined ? undefined : new StateDir(cluster),
    identity: { url: given.get("--url"), contact: given.get("--contact") },
  };
}

const options: ReadonlySet<string> = new Set([
  "--profile",
  "--channel",
  "--run-test",
  "--runs",
  "--cluster",
  "--url",
  "--contact",
]);

function parseChannel(text = "standard"): GatewayApiChannel {
  if (text === "standard" || text === "experimental") return text;
  throw new Error(`--channel ${text}: there are standard and experimental`);
}

function parseRuns(text = "1"): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1) return runs;
  throw new Error(`--runs ${text}: a whole number from 1 on`);
}

function parseProfiles(text: string | undefined): readonly string[] {
  if (text === undefined) return meshProfiles;
  const known: ReadonlySet<string> = new Set([...meshProfiles, ...gatewayProfiles]);
  const profiles = text.split(",");
  const unknown = profiles.filter((profile) => !known.has(profile));
  if (unknown.length > 0) {
    throw new Error(`--profile ${unknown.join(",")}: there are ${[...known].join(", ")}`);
  }
  if (profiles.some(isOfGateways) && !profiles.every(isOfGateways)) {
    throw new Error(
      `--profile ${text}: those of Gateways are only looked at, so they are run without those of meshes`,
    );
  }
  return profiles;
}
