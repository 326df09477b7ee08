/** Both Helms on our chart. Rendering needs no cluster; what it is told of one (version, kinds) is what the tests say. */
import path from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { programFile } from "../build/built-files.ts";
import type { RunningCluster } from "../running-cluster.ts";
import { type ProgramResult, runProgram, tryProgram } from "../run-program.ts";

/** Helm 4 and Helm 3. */
export const helms = ["helm", "helm3"] as const;
export type Helm = (typeof helms)[number];

export const chartFolder: string = path.resolve(import.meta.dirname, "../../../charts/waystone");
export const releaseNamespace = "waystone-system";

export interface KubernetesLike {
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

export const newCluster: KubernetesLike = {
  kubeVersion: "1.36.0",
  apiVersions: [
    "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy",
    "gateway.networking.k8s.io/v1/HTTPRoute",
  ],
};
export const oldCluster: KubernetesLike = { kubeVersion: "1.30.0", apiVersions: [] };

export async function tryTemplate(
  helm: Helm,
  args: readonly string[],
  like: KubernetesLike = newCluster,
): Promise<ProgramResult> {
  const capabilities = [
    `--kube-version=${like.kubeVersion}`,
    ...like.apiVersions.map((each) => `--api-versions=${each}`),
  ];
  const command = ["template", "waystone", chartFolder, "--namespace", releaseNamespace, ...capabilities];
  return await tryProgram([programFile(helm), ...command, ...args]);
}

export interface Rendered {
  /** Relative to the chart: "templates/roles/people.yaml". */
  readonly source: string;
  readonly object: { readonly kind: string; readonly metadata: { readonly name: string } };
}

/** Both Helms order and space the same objects differently: sorted here. */
export async function template(
  helm: Helm,
  args: readonly string[],
  like?: KubernetesLike,
): Promise<readonly Rendered[]> {
  const { exitCode, stdout, stderr } = await tryTemplate(helm, args, like);
  if (exitCode !== 0) throw new Error(`${helm} template failed: ${stderr}`);
  const rendered = stdout
    .split(/^---\n/m)
    .filter((text) => text.trim() !== "")
    .flatMap((text) => {
      const source = /^# Source: waystone\/(.*)$/m.exec(text)?.[1] ?? "";
      return parseAllDocuments(text).map((each) => ({ source, object: each.toJS() as Rendered["object"] }));
    });
  return rendered.filter(({ object }) => object !== null).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

export function keyOf({ source, object }: Rendered): string {
  return `${source} ${object.kind} ${object.metadata.name}`;
}

/** As a golden file has it. */
export function formatRendered(rendered: readonly Rendered[]): string {
  return rendered.map(({ source, object }) => `# ${source}\n${stringify(object)}`).join("---\n");
}

/** With the cluster: install, uninstall, list. */
export async function runHelm(cluster: RunningCluster, helm: Helm, args: readonly string[]): Promise<string> {
  return await runProgram(cluster.onNode("node-1", [helm, ...args]), { environment: cluster.environment });
}

export async function tryHelm(
  cluster: RunningCluster,
  helm: Helm,
  args: readonly string[],
): Promise<ProgramResult> {
  return await tryProgram(cluster.onNode("node-1", [helm, ...args]), { environment: cluster.environment });
}
