/** The ways in which people and their tools write a Service, each by the real program. */
import { tryProgram, type ProgramResult } from "../../run-program.ts";
import type { RunningCluster } from "../../running-cluster.ts";
import { withFolder } from "./with-folder.ts";

export interface Port {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: "TCP" | "UDP" | "SCTP";
  readonly targetPort?: number | string;
}

export interface OwnerSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  readonly type?: string;
  readonly externalName?: string;
}

/** A tool that is given the whole manifest, first to make the Service and later to change it. */
export const tools = [
  "client-side apply",
  "client-side apply under another name",
  "server-side apply",
  "replace",
  "helm 4",
  "helm 4 client-side",
  "helm 3",
] as const;
export type Tool = (typeof tools)[number];

export class Owner {
  readonly #cluster: RunningCluster;
  readonly namespace: string;

  constructor(cluster: RunningCluster, namespace: string) {
    this.#cluster = cluster;
    this.namespace = namespace;
  }

  /** Fails when the tool does. */
  async write(tool: Tool, name: string, spec: OwnerSpec, isFirst: boolean): Promise<void> {
    const manifest = JSON.stringify(serviceManifest(name, spec));
    const result = await this.#writeManifest(tool, name, manifest, isFirst);
    if (result.exitCode !== 0) throw new Error(`${tool}: ${result.stderr || result.stdout}`);
  }

  async kubectl(args: readonly string[], input?: string): Promise<ProgramResult> {
    return await this.#cluster.tryKubectl(["-n", this.namespace, ...args], input);
  }

  async patch(name: string, type: "merge" | "strategic" | "json", patch: unknown): Promise<ProgramResult> {
    return await this.kubectl(["patch", "service", name, "--type", type, "-p", JSON.stringify(patch)]);
  }

  /** `kubectl edit` with an editor that runs a sed script on the file. */
  async edit(name: string, script: string): Promise<ProgramResult> {
    const files = { "editor.sh": `#!/bin/sh\nexec sed -i -E '${script}' "$1"\n` };
    return await withFolder(files, async (folder) => {
      const command = ["kubectl", "-n", this.namespace, "edit", "service", name];
      return await this.#run(command, { KUBE_EDITOR: `sh ${folder}/editor.sh` });
    });
  }

  async #writeManifest(tool: Tool, name: string, manifest: string, isFirst: boolean): Promise<ProgramResult> {
    switch (tool) {
      case "client-side apply":
        return await this.kubectl(["apply", "-f", "-"], manifest);
      case "client-side apply under another name":
        return await this.kubectl(["apply", "--field-manager=argocd-controller", "-f", "-"], manifest);
      case "server-side apply":
        return await this.kubectl(["apply", "--server-side", "-f", "-"], manifest);
      case "replace":
        return await this.kubectl([isFirst ? "create" : "replace", "-f", "-"], manifest);
      case "helm 4":
        return await this.#helm(["helm"], name, manifest);
      case "helm 4 client-side":
        return await this.#helm(["helm", "--server-side=false"], name, manifest);
      case "helm 3":
        return await this.#helm(["helm3"], name, manifest);
    }
  }

  async #helm(
    [program = "", ...flags]: readonly string[],
    name: string,
    manifest: string,
  ): Promise<ProgramResult> {
    const files = {
      "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
      "templates/service.yaml": manifest,
    };
    return await withFolder(files, async (folder) => {
      return await this.#run([program, "upgrade", "--install", ...flags, name, folder, "-n", this.namespace]);
    });
  }

  async #run(
    command: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ProgramResult> {
    return await tryProgram(this.#cluster.onNode("node-1", command), {
      environment: { ...this.#cluster.environment, ...environment },
    });
  }
}

export function serviceManifest(name: string, spec: OwnerSpec): object {
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec };
}
