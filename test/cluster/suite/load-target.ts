/** A backend of several pods behind a Service, made to be put under load: it says who it is and gives back what it got. */
import type { Service } from "@waystone/api/kubernetes/core";
import { imageOf } from "../build/components.ts";
import type { RunningCluster } from "../running-cluster.ts";
import { getService } from "./service-state.ts";
import { type LoadOptions, SteadyLoad } from "./steady-load.ts";
import { untilAnswered } from "./until-answered.ts";

export interface LoadTarget {
  readonly namespace: string;
  readonly name: string;
  /** Its Deployment and Service, as their owner keeps them: for `kubectl apply`. */
  readonly manifest: string;
  readonly clusterIp: string;
}

/** Resolves when all pods are Ready and the Service's address answers: kube-proxy follows at some distance. */
export async function createLoadTarget(
  cluster: RunningCluster,
  {
    namespace,
    name,
    replicas = 3,
  }: { readonly namespace: string; readonly name: string; readonly replicas?: number },
): Promise<LoadTarget> {
  const manifest = JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: [deployment(namespace, name, replicas), service(namespace, name)],
  });
  await cluster.kubectl(["apply", "-f", "-"], manifest);
  await cluster.kubectl(["-n", namespace, "rollout", "status", `deployment/${name}`, "--timeout=180s"]);
  const { spec } = await getService(cluster, `${namespace}/${name}`);
  const target = { namespace, name, manifest, clusterIp: spec?.clusterIP ?? "" };
  await untilAnswered(target, () => true);
  return target;
}

export function startLoad({ clusterIp }: LoadTarget, options: Partial<LoadOptions> = {}): SteadyLoad {
  return new SteadyLoad({ host: clusterIp, port: 80, perSecond: 200, kept: 8, ...options });
}

function deployment(namespace: string, name: string, replicas: number): unknown {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 20,
          containers: [
            {
              name: "echo",
              image: imageOf("echo"),
              args: ["serve", ":8080"],
              env: [{ name: "ECHO_VERSION", value: name }],
              ports: [{ name: "http", containerPort: 8080 }],
              // A machine that is busy with something else must not take endpoints away.
              readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 1, timeoutSeconds: 10 },
              // As every pod behind a Service should: endpoints are told of its end before it ends.
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
            },
          ],
        },
      },
    },
  };
}

function service(
  namespace: string,
  name: string,
): Pick<Service, "apiVersion" | "kind" | "metadata" | "spec"> {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  };
}
