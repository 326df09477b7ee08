/** Calls our own kubectl as the cluster's admin, from where the API server can be reached. */
import { reserved } from "./addresses.ts";
import { programFile, programPath } from "./build/built-files.ts";
import { inNetwork, type NodeNamespace } from "./node-namespace.ts";
import { type ProgramResult, runProgram, tryProgram } from "./run-program.ts";
import type { StateDir } from "./state-dir.ts";

export interface KubectlCall {
  readonly state: StateDir;
  readonly from: NodeNamespace;
  readonly input?: string | undefined;
}

export async function kubectl(call: KubectlCall, args: readonly string[]): Promise<string> {
  const run = async (): Promise<string> => await runProgram(kubectlCommand(call, args), options(call));
  try {
    return await run();
  } catch (error) {
    if (args[0] !== "apply" || !isAlreadyThere(error)) throw error;
    return await run();
  }
}

/**
 * Waystone makes the Gateway that an annotated Service or Namespace asks for where there is none. Who applies both in one call may have it
 * made between kubectl's question whether it is there and its creation; applied once more, it is as the call wants it.
 */
function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && error.message.includes("(AlreadyExists)");
}

export async function tryKubectl(call: KubectlCall, args: readonly string[]): Promise<ProgramResult> {
  return await tryProgram(kubectlCommand(call, args), options(call));
}

export function kubectlCommand({ from }: KubectlCall, args: readonly string[]): readonly string[] {
  return inNetwork(from, [programFile("kubectl"), ...args]);
}

/** What a command needs to find the cluster and our builds of kubectl and Helm; the name is for the suite. */
export function clusterEnvironment(state: StateDir): Record<string, string> {
  return {
    KUBECONFIG: state.kubeconfig("admin"),
    // What kubectl and Helm remember of an API server goes with it, not into the home of who called them.
    KUBECACHEDIR: state.path("kube-cache"),
    PATH: programPath(),
    NO_PROXY: reserved,
    no_proxy: reserved,
    WAYSTONE_CLUSTER: state.name,
  };
}

function options({ state, input = "" }: KubectlCall): {
  environment: Record<string, string>;
  input: string;
} {
  return { environment: clusterEnvironment(state), input };
}
