/** A cluster that is up, found by its folder: how commands of ours, and tests, get into it. */
import { clusterEnvironment, type KubectlCall, kubectl, tryKubectl } from "./kubectl.ts";
import { controlName, findNamespace, inNetwork, type NodeNamespace, nodeNames } from "./node-namespace.ts";
import type { ProgramResult } from "./run-program.ts";
import { endedProcesses } from "./start-process.ts";
import type { StateDir } from "./state-dir.ts";

export class RunningCluster {
  readonly state: StateDir;
  readonly nodes: readonly string[];

  private constructor(state: StateDir, nodes: readonly string[]) {
    this.state = state;
    this.nodes = nodes;
  }

  /** Fails when it is not up, or not whole. */
  static find(state: StateDir): RunningCluster {
    const summary = state.readSummary();
    if (summary === undefined) {
      throw new Error(`cluster ${state.name} is not up: run \`npm run cluster -- up\``);
    }
    const ended = endedProcesses(state);
    if (ended.length === 0) return new RunningCluster(state, nodeNames(summary.nodes));
    throw new Error(
      `cluster ${state.name} has lost ${ended.join(", ")}: \`npm run cluster -- up\` makes a new one, \`npm run cluster -- logs\` has the last words of the old one`,
    );
  }

  namespace(name: string): NodeNamespace {
    const found = findNamespace(this.state, name);
    if (found !== undefined) return found;
    const known = [controlName, ...this.nodes].join(", ");
    throw new Error(`cluster ${this.state.name} has no node ${name}: there are ${known}`);
  }

  get environment(): Record<string, string> {
    return clusterEnvironment(this.state);
  }

  /** The command, as it must be started to be in the network of the node: there, ClusterIPs and pods answer. */
  onNode(node: string, command: readonly string[]): readonly string[] {
    return inNetwork(this.namespace(node), command);
  }

  async kubectl(args: readonly string[], input?: string): Promise<string> {
    return await kubectl(this.#call(input), args);
  }

  async tryKubectl(args: readonly string[], input?: string): Promise<ProgramResult> {
    return await tryKubectl(this.#call(input), args);
  }

  #call(input?: string): KubectlCall {
    return { state: this.state, from: this.namespace(controlName), input };
  }
}
