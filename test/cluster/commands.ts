/** What `npm run cluster -- <command>` can do: one entry each, as the usage text lists them. */
import { maxNodes } from "./addresses.ts";
import { bringDown } from "./bring-down.ts";
import { bringUp } from "./bring-up.ts";
import { buildCluster } from "./build/build.ts";
import { missingComponents } from "./build/built-files.ts";
import { components, conformanceComponents } from "./build/components.ts";
import { gatewayApiCrds } from "./build/gateway-api.ts";
import { importImage } from "./containerd.ts";
import { printDiagnosis, requireMachine } from "./doctor.ts";
import { kubectlCommand } from "./kubectl.ts";
import { withLock } from "./lock.ts";
import { controlName } from "./node-namespace.ts";
import { attachProgram } from "./run-program.ts";
import { RunningCluster } from "./running-cluster.ts";
import { tail } from "./start-process.ts";
import type { StateDir } from "./state-dir.ts";

export interface CommandLine {
  readonly state: StateDir;
  readonly nodes: number;
  readonly node: string;
  readonly gentle: boolean;
  readonly replace: boolean;
  /** What the command itself is to interpret. */
  readonly rest: readonly string[];
}

export interface Command {
  readonly usage: string;
  readonly summary: string;
  /** Resolves to the exit code. */
  run(line: CommandLine): Promise<number>;
}

export const commands: Readonly<Record<string, Command>> = {
  doctor: {
    usage: "doctor",
    summary: "say what this machine lacks, and the one command that gets it",
    run: async () => ((await printDiagnosis()) ? 0 : 1),
  },
  build: {
    usage: "build [--gentle]",
    summary: "build what is missing; --gentle: one core, lowest priority",
    run: build,
  },
  up: {
    usage: `up [--nodes N] [--replace]`,
    summary: `bring up 1 to ${maxNodes} nodes; --replace: even when the cluster is up already`,
    run: up,
  },
  down: {
    usage: "down",
    summary: "end it, and remove all it left",
    run: async ({ state }) => {
      await withLock(state, async () => await bringDown(state));
      return 0;
    },
  },
  kubectl: {
    usage: "kubectl ARGUMENTS...",
    summary: "kubectl as the cluster's admin",
    run: async ({ state, rest }) => {
      const cluster = RunningCluster.find(state);
      const call = { state, from: cluster.namespace(controlName) };
      return await attachProgram(kubectlCommand(call, rest), cluster.environment);
    },
  },
  run: {
    usage: "run [--node node-1] COMMAND...",
    summary: "run a command in a node's network, with KUBECONFIG, kubectl, helm and helm3 at hand",
    run: async ({ state, node, rest }) => {
      const cluster = RunningCluster.find(state);
      return await attachProgram(cluster.onNode(node, rest), cluster.environment);
    },
  },
  "gateway-api": {
    usage: "gateway-api [experimental]",
    summary: "apply the Gateway API's CRDs: there is no way out to fetch its release",
    run: async ({ state, rest }) => {
      const cluster = RunningCluster.find(state);
      const call = { state, from: cluster.namespace(controlName) };
      const channel = rest[0] === "experimental" ? "experimental" : "standard";
      const files = await gatewayApiCrds("v1.6.3", channel);
      const apply = ["apply", "--server-side", "-f", files.join(",")];
      return await attachProgram(kubectlCommand(call, apply), cluster.environment);
    },
  },
  load: {
    usage: "load IMAGE.tar...",
    summary: "put image archives on every node",
    run: async ({ state, rest }) => {
      const { nodes } = RunningCluster.find(state);
      if (rest.length === 0) throw new Error("load: which image archive?");
      for (const archive of rest) await importImage(state, nodes, archive);
      return 0;
    },
  },
  logs: {
    usage: "logs [PROCESS]",
    summary: "the last lines of a process' log, or the names of all",
    run: async ({ state, rest: [name] }) => printLog(state, name),
  },
};

async function build({ gentle }: CommandLine): Promise<number> {
  await buildCluster({ gentle }, [...components, ...conformanceComponents]);
  return 0;
}

async function up({ state, nodes, replace }: CommandLine): Promise<number> {
  await requireMachine("run");
  const missing = missingComponents().map(({ name }) => name);
  if (missing.length > 0) {
    throw new Error(`${missing.join(", ")} not built yet: run \`npm run cluster -- build\` first`);
  }
  const start = performance.now();
  const say = (text: string): void => {
    console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s  ${text}`);
  };
  await withLock(state, async () => {
    if (!replace) refuseIfUp(state);
    await bringUp(state, { nodes, onStep: say });
  });
  console.log("try `npm run --silent cluster -- kubectl get pods -A`");
  return 0;
}

function refuseIfUp(state: StateDir): void {
  let running: RunningCluster;
  try {
    running = RunningCluster.find(state);
  } catch {
    return;
  }
  throw new Error(
    `cluster ${state.name} is up already, with ${running.nodes.length} node(s): use it, or add --replace for a new one`,
  );
}

function printLog(state: StateDir, name: string | undefined): number {
  const names = state.logNames();
  if (name === undefined) {
    console.log(names.length === 0 ? `cluster ${state.name} has no logs` : names.join("\n"));
    return 0;
  }
  if (!names.includes(name)) throw new Error(`no log ${name}: there are ${names.join(", ")}`);
  console.log(tail(state.logFile(name), 200));
  return 0;
}
