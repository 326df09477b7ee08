/** A node's kubelet. It finds containerd by its socket and the API server by its kubeconfig, and keeps to its own cgroup. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dnsService, nodeAddress } from "./addresses.ts";
import { cgroupOf, isCgroupVersion1 } from "./cgroups.ts";
import { startInNode } from "./cluster-process.ts";
import type { NodeNamespace } from "./node-namespace.ts";
import type { StateDir } from "./state-dir.ts";

export async function startKubelet(state: StateDir, node: NodeNamespace, number: number): Promise<void> {
  const folder = state.nodeFolder(node.name);
  const config = path.join(folder, "kubelet.json");
  const rootFolder = path.join(folder, "kubelet");
  mkdirSync(rootFolder, { recursive: true });
  // Pods of dnsPolicy Default take this. There is no name server outside the cluster to ask.
  writeFileSync(path.join(folder, "resolv.conf"), "nameserver 127.0.0.1\n");
  writeFileSync(config, JSON.stringify(kubeletConfiguration(state, node.name), undefined, 2));
  const { v4, v6 } = nodeAddress(number);
  await startInNode(state, node, {
    program: "kubelet",
    name: `${node.name}.kubelet`,
    flags: {
      config,
      kubeconfig: state.kubeconfig(node.name),
      "root-dir": rootFolder,
      "cert-dir": path.join(rootFolder, "pki"),
      "hostname-override": node.name,
      "node-ip": `${v4},${v6}`,
      "node-labels": `topology.kubernetes.io/zone=zone-${number}`,
    },
  });
}

function kubeletConfiguration(state: StateDir, node: string): unknown {
  const folder = state.nodeFolder(node);
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: state.certificate("ca") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: state.certificate(node),
    tlsPrivateKeyFile: state.key(node),
    containerRuntimeEndpoint: `unix://${state.containerdSocket(node)}`,
    clusterDNS: [dnsService],
    clusterDomain: "cluster.local",
    resolvConf: path.join(folder, "resolv.conf"),
    podLogsDir: path.join(folder, "pod-logs"),
    volumePluginDir: path.join(folder, "volume-plugins"),
    cgroupDriver: "cgroupfs",
    cgroupRoot: cgroupOf(state, node),
    enforceNodeAllocatable: [],
    ...(isCgroupVersion1() ? { failCgroupV1: false } : {}),
    failSwapOn: false,
    // A developer's disk is often nearly full, and that is no reason to evict a test's pods or images.
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
    maxPods: 200,
  };
}
