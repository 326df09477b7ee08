/**
 * On each node a server that says who asked, behind a Service of its own, and a client that can be made to ask. Two pods,
 * because one that reaches itself through a ClusterIP is seen as its node: kube-proxy has to masquerade that.
 */
import { imageOf } from "../build/components.ts";
import type { RunningCluster } from "../running-cluster.ts";
import { until } from "../until.ts";

/** What the echo program answers (go/echo). */
export interface Answer {
  readonly host: string;
  readonly caller: string;
}

interface PodStatus {
  readonly podIP: string;
  readonly podIPs: readonly { readonly ip: string }[];
}

interface LivePod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName: string };
  readonly status: PodStatus;
}

export interface EchoPod {
  readonly name: string;
  readonly node: string;
  readonly status: PodStatus;
}

const port = 8080;

export class EchoPods {
  readonly #cluster: RunningCluster;
  readonly namespace: string;
  /** One of each on each node, in the nodes' order. */
  readonly servers: readonly EchoPod[];
  readonly clients: readonly EchoPod[];

  private constructor(cluster: RunningCluster, namespace: string, pods: readonly EchoPod[]) {
    this.#cluster = cluster;
    this.namespace = namespace;
    this.servers = pods.filter(({ name }) => name.startsWith("server-"));
    this.clients = pods.filter(({ name }) => name.startsWith("client-"));
  }

  /** Returns when all of them are Ready. The caller deletes the namespace. */
  static async create(cluster: RunningCluster, namespace: string): Promise<EchoPods> {
    const roles = cluster.nodes.flatMap((node) => [
      { role: "server", node },
      { role: "client", node },
    ]);
    const items = [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      ...roles.map(({ role, node }) => echoPod(namespace, role, node)),
      ...cluster.nodes.map((node) => echoService(namespace, `server-${node}`, { role: "server", node })),
      echoService(namespace, "servers", { role: "server" }),
    ];
    await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await cluster.kubectl([
      "-n",
      namespace,
      "wait",
      "--for=condition=Ready",
      "--timeout=180s",
      "pod",
      "--all",
    ]);
    const json = await cluster.kubectl(["-n", namespace, "get", "pods", "-o", "json"]);
    const pods = (JSON.parse(json) as { items: readonly LivePod[] }).items.map(
      ({ metadata, spec, status }) => ({ name: metadata.name, node: spec.nodeName, status }),
    );
    return new EchoPods(cluster, namespace, pods);
  }

  /** Runs the echo program in a pod. */
  async run(pod: EchoPod, ...args: readonly string[]): Promise<string> {
    return await this.#cluster.kubectl(["-n", this.namespace, "exec", pod.name, "--", "/echo", ...args]);
  }

  /** Asks from a pod, until there is an answer: a node's kube-proxy follows the API server at some distance. `host` as in a URL. */
  async ask(pod: EchoPod, host: string): Promise<Answer> {
    const args = ["-n", this.namespace, "exec", pod.name, "--", "/echo", "get", `http://${host}:${port}/`];
    let said = "";
    return await until(
      async () => {
        const { exitCode, stdout, stderr } = await this.#cluster.tryKubectl(args);
        said = stderr;
        return exitCode === 0 && (JSON.parse(stdout) as Answer);
      },
      { deadlineMs: 60_000, everyMs: 200, describe: () => `${host} does not answer ${pod.name}: ${said}` },
    );
  }

  async delete(): Promise<void> {
    await this.#cluster.kubectl(["delete", "namespace", this.namespace, "--wait=false"]);
  }
}

function echoPod(namespace: string, role: string, node: string): unknown {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${role}-${node}`, namespace, labels: { role, node } },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "echo",
          image: imageOf("echo"),
          args: ["serve", `:${port}`],
          ports: [{ containerPort: port }],
          readinessProbe: { httpGet: { path: "/", port }, periodSeconds: 1 },
        },
      ],
    },
  };
}

function echoService(namespace: string, name: string, selector: Readonly<Record<string, string>>): unknown {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector, ipFamilyPolicy: "PreferDualStack", ports: [{ name: "http", port }] },
  };
}
