/** etcd, the API server, the controller manager and the scheduler, in a namespace of their own: a node may die without them. */
import { apiPort, controlPlane, services } from "./addresses.ts";
import { startInNode } from "./cluster-process.ts";
import type { NodeNamespace } from "./node-namespace.ts";
import type { StateDir } from "./state-dir.ts";

const etcdUrl = "http://127.0.0.1:2379";
const etcdPeerUrl = "http://127.0.0.1:2380";
export const serviceAccountIssuer = "https://kubernetes.default.svc.cluster.local";

/** Users of the API server that are part of the cluster itself; nodes come on top. */
export const clusterUsers = ["admin", "controller-manager", "scheduler", "proxy"] as const;

/** Returns as soon as both are started: the API server waits for etcd by itself. */
export async function startApiServer(state: StateDir, control: NodeNamespace): Promise<void> {
  await startInNode(state, control, {
    program: "etcd",
    flags: {
      "data-dir": state.path("etcd"),
      "listen-client-urls": etcdUrl,
      "advertise-client-urls": etcdUrl,
      "listen-peer-urls": etcdPeerUrl,
      "initial-advertise-peer-urls": etcdPeerUrl,
      "initial-cluster": `default=${etcdPeerUrl}`,
      // The data lives as long as the cluster: nothing to save from a loss of power.
      "unsafe-no-fsync": true,
      "log-level": "warn",
    },
  });
  await startInNode(state, control, {
    program: "kube-apiserver",
    flags: { ...servingFlags(state), ...identityFlags(state), ...aggregationFlags(state) },
  });
}

function servingFlags(state: StateDir): Record<string, string | number | boolean> {
  return {
    "etcd-servers": etcdUrl,
    "secure-port": apiPort,
    "advertise-address": controlPlane.v4,
    "service-cluster-ip-range": services,
    "tls-cert-file": state.certificate("apiserver"),
    "tls-private-key-file": state.key("apiserver"),
    "kubelet-client-certificate": state.certificate("admin"),
    "kubelet-client-key": state.key("admin"),
    "kubelet-certificate-authority": state.certificate("ca"),
    "kubelet-preferred-address-types": "InternalIP",
    "allow-privileged": true,
    // No kube-proxy beside the API server: it dials the endpoints of webhooks and API services, not their ClusterIPs.
    "enable-aggregator-routing": true,
  };
}

function identityFlags(state: StateDir): Record<string, string> {
  return {
    "client-ca-file": state.certificate("ca"),
    "authorization-mode": "Node,RBAC",
    "enable-admission-plugins": "NodeRestriction",
    "service-account-issuer": serviceAccountIssuer,
    "service-account-key-file": state.key("service-account"),
    "service-account-signing-key-file": state.key("service-account"),
  };
}

function aggregationFlags(state: StateDir): Record<string, string> {
  return {
    "requestheader-client-ca-file": state.certificate("ca"),
    "requestheader-allowed-names": "front-proxy",
    "requestheader-username-headers": "X-Remote-User",
    "requestheader-group-headers": "X-Remote-Group",
    "requestheader-extra-headers-prefix": "X-Remote-Extra-",
    "proxy-client-cert-file": state.certificate("front-proxy"),
    "proxy-client-key-file": state.key("front-proxy"),
  };
}

/** Needs an API server that is ready. */
export async function startControllers(state: StateDir, control: NodeNamespace): Promise<void> {
  const kubeconfig = state.kubeconfig("controller-manager");
  await Promise.all([
    startInNode(state, control, {
      program: "kube-controller-manager",
      flags: {
        kubeconfig,
        "authentication-kubeconfig": kubeconfig,
        "authorization-kubeconfig": kubeconfig,
        "service-account-private-key-file": state.key("service-account"),
        "root-ca-file": state.certificate("ca"),
        "cluster-signing-cert-file": state.certificate("ca"),
        "cluster-signing-key-file": state.key("ca"),
        "use-service-account-credentials": true,
        "leader-elect": false,
      },
    }),
    startInNode(state, control, {
      program: "kube-scheduler",
      flags: { kubeconfig: state.kubeconfig("scheduler"), "leader-elect": false },
    }),
  ]);
}
