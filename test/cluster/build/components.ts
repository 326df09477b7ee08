/**
 * What the cluster is made of: one Go module under ../go for each, whose go.mod and go.sum pin every line of it. Versions
 * live there alone; what a program is to say of its version is read from there.
 */
import type { ImageDescription } from "../image.ts";

export interface Component {
  /** The folder under ../go, or under `sources`. */
  readonly name: string;
  /** From the repository's root; test/cluster/go where nothing is said. */
  readonly sources?: string;
  /** The module whose required version is this component's version; without one, the sources are our own. */
  readonly module?: string;
  /** Program file -> Go package. */
  readonly programs: Readonly<Record<string, string>>;
  readonly tags?: string;
  /** Variables that the linker sets to the component's version. */
  readonly versionVariables?: readonly string[];
  readonly linkValues?: Readonly<Record<string, string>>;
  /** An image with the one program of this component in it. */
  readonly image?: Pick<ImageDescription, "name" | "entrypoint">;
}

const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-proxy",
  "kube-scheduler",
  "kubectl",
  "kubelet",
];
const containerdPrograms = ["containerd", "containerd-shim-runc-v2", "ctr"];
const kubernetesVersion = "k8s.io/component-base/version";

const under = (prefix: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `${prefix}/${name}`]));

/** Ordered by use: what `up` needs first is built first. */
export const components: readonly Component[] = [
  {
    name: "pause",
    programs: { pause: "." },
    image: { name: "cluster.test/pause:v1", entrypoint: ["/pause"] },
  },
  { name: "echo", programs: { echo: "." }, image: { name: "cluster.test/echo:v1", entrypoint: ["/echo"] } },
  {
    name: "etcd",
    module: "go.etcd.io/etcd/server/v3",
    programs: { etcd: "go.etcd.io/etcd/server/v3" },
  },
  {
    name: "coredns",
    module: "github.com/coredns/coredns",
    programs: { coredns: "." },
    image: { name: "cluster.test/coredns:v1", entrypoint: ["/coredns"] },
  },
  {
    name: "containerd",
    module: "github.com/containerd/containerd/v2",
    programs: under("github.com/containerd/containerd/v2/cmd", containerdPrograms),
    tags: "no_btrfs,no_devmapper,no_zfs,no_aufs",
    versionVariables: ["github.com/containerd/containerd/v2/version.Version"],
  },
  {
    name: "kubernetes",
    module: "k8s.io/kubernetes",
    programs: under("k8s.io/kubernetes/cmd", kubernetesPrograms),
    tags: "providerless",
    versionVariables: [`${kubernetesVersion}.gitVersion`, "k8s.io/client-go/pkg/version.gitVersion"],
    linkValues: {
      [`${kubernetesVersion}.gitMajor`]: "1",
      [`${kubernetesVersion}.gitMinor`]: "36",
      [`${kubernetesVersion}.gitTreeState`]: "clean",
    },
  },
  { name: "helm4", module: "helm.sh/helm/v4", programs: { helm: "helm.sh/helm/v4/cmd/helm" } },
  { name: "helm3", module: "helm.sh/helm/v3", programs: { helm3: "helm.sh/helm/v3/cmd/helm" } },
];

/**
 * What `npm run conformance` needs beside a cluster: the Gateway API's suite as one program, and what its pods run. `up` and
 * the suites of our own do without.
 */
export const conformanceComponents: readonly Component[] = [
  {
    name: "conformance",
    module: "sigs.k8s.io/gateway-api/conformance",
    programs: { conformance: ".", "echo-basic": "sigs.k8s.io/gateway-api/conformance/echo-basic" },
  },
  {
    name: "echo-advanced",
    module: "istio.io/istio",
    programs: under("istio.io/istio/pkg/test/echo/cmd", ["server", "client"]),
  },
];

export function imageOf(name: string): string {
  const image = components.find((component) => component.name === name)?.image;
  if (image === undefined) throw new Error(`no image is built from ${name}`);
  return image.name;
}
