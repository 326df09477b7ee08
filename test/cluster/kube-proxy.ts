/** A node's kube-proxy, in its nftables mode: the mode that needs neither IPVS nor iptables in the kernel. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pods } from "./addresses.ts";
import { startInNode } from "./cluster-process.ts";
import type { NodeNamespace } from "./node-namespace.ts";
import type { StateDir } from "./state-dir.ts";

export async function startKubeProxy(state: StateDir, node: NodeNamespace): Promise<void> {
  const config = path.join(state.nodeFolder(node.name), "kube-proxy.json");
  writeFileSync(config, JSON.stringify(proxyConfiguration(state, node.name), undefined, 2));
  await startInNode(state, node, {
    program: "kube-proxy",
    name: `${node.name}.kube-proxy`,
    flags: { config },
  });
}

function proxyConfiguration(state: StateDir, node: string): unknown {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: state.kubeconfig("proxy") },
    clusterCIDR: pods,
    hostnameOverride: node,
    mode: "nftables",
    // The table of connections is the machine's, and its size not for a namespace to set.
    conntrack: { maxPerCore: 0, min: 0 },
    nftables: { minSyncPeriod: "100ms" },
  };
}
