/** The command line of the benchmark. */
import { parseArgs } from "node:util";

export interface BenchArguments {
  readonly help: boolean;
  /** Names of scenarios; all when empty. */
  readonly only: readonly string[];
  readonly peers: readonly string[];
  readonly seconds: number;
  readonly rounds: number;
  /** Another checkout of this repository, measured as the peer "before". */
  readonly before: string | undefined;
  readonly profile: boolean;
  readonly json: string;
}

export const allPeers = ["waystone", "nginx", "haproxy", "envoy", "direct"];

export const usage = `npm run bench [-- options]
  --only a,b      scenarios (see the names below), default all
  --peers a,b     of ${allPeers.join(", ")}; default all
  --seconds N     of measured load per peer and round (4)
  --rounds N      interleaved between the peers, the median counts (3)
  --before DIR    also another checkout of this repository: git worktree add DIR COMMIT, then npm ci in it
                  (node_modules that are a link lead to the packages of this one)
  --profile       write a CPU profile of waystone (its worker's too) and its hottest functions
  --json FILE     where to write the figures (.cache/bench/result.json)`;

export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", default: false },
      only: { type: "string" },
      peers: { type: "string" },
      seconds: { type: "string", default: "4" },
      rounds: { type: "string", default: "3" },
      before: { type: "string" },
      profile: { type: "boolean", default: false },
      json: { type: "string", default: ".cache/bench/result.json" },
    },
  });
  const peers = values.peers?.split(",") ?? allPeers;
  const unknown = peers.filter((peer) => !allPeers.includes(peer));
  if (unknown.length > 0) throw new Error(`no such peer: ${unknown.join(", ")}`);
  return {
    help: values.help,
    only: values.only?.split(",") ?? [],
    peers: allPeers.filter((peer) => peers.includes(peer)),
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    before: values.before,
    profile: values.profile,
    json: values.json,
  };
}
