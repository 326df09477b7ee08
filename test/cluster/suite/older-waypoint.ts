/**
 * One more pod of a waypoint, of a version from before expressions (`when`): what is left of the release before while an upgrade rolls. It runs the
 * image of now, with one file in it as that version would have it; all else, token and labels included, is as the deployer makes its pods.
 */
import type { RunningCluster } from "../running-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";

export interface OlderWaypoint {
  readonly cluster: RunningCluster;
  readonly namespace: string;
  /** The Gateway. */
  readonly waypoint: string;
}

interface Container {
  readonly volumeMounts: readonly object[];
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly Container[]; readonly volumes: readonly object[] };
}

const name = "older";
const file = "/app/packages/engine/src/authorization/attributes.js";
const entryOfExpressions = "[celAttribute, cel],";

/** Resolves to its address, once it is Ready. Whoever opens it closes it. */
export async function openOlderWaypoint(older: OlderWaypoint): Promise<string> {
  const { cluster, namespace, waypoint } = older;
  await closeOlderWaypoint(older);
  const kubectl = async (...args: readonly string[]): Promise<string> =>
    await cluster.kubectl(["-n", namespace, ...args]);
  const read = `process.stdout.write(fs.readFileSync("${file}"))`;
  const source = await kubectl("exec", `deployment/${waypoint}`, "--", "node", "-e", read);
  if (!source.includes(entryOfExpressions)) throw new Error(`${file} has no ${entryOfExpressions}`);
  const template = JSON.parse(
    await kubectl("get", "deployment", waypoint, "-o", "jsonpath={.spec.template}"),
  ) as PodTemplate;
  const data = { file: source.replace(entryOfExpressions, "") };
  await applyObjects(cluster, { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data });
  // The admission policy lets nobody else make a pod of a waypoint.
  const maker = "--as=system:serviceaccount:kube-system:replicaset-controller";
  await cluster.kubectl(["create", maker, "-f", "-"], JSON.stringify(podOf(namespace, template)));
  await kubectl("wait", "--for=condition=Ready", "--timeout=120s", `pod/${name}`);
  return await kubectl("get", "pod", name, "-o", "jsonpath={.status.podIP}");
}

export async function closeOlderWaypoint({ cluster, namespace }: OlderWaypoint): Promise<void> {
  const gone = ["--ignore-not-found", "--grace-period=1"];
  await cluster.kubectl(["-n", namespace, "delete", `pod/${name}`, `configmap/${name}`, ...gone]);
}

function podOf(namespace: string, { metadata, spec }: PodTemplate): object {
  const mount = { name: "version", mountPath: file, subPath: "file", readOnly: true };
  const containers = spec.containers.map((container) => ({
    ...container,
    volumeMounts: [...container.volumeMounts, mount],
  }));
  const volumes = [...spec.volumes, { name: "version", configMap: { name } }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    // Without the hash of a revision: no ReplicaSet takes it for its own.
    metadata: { name, namespace, labels: metadata.labels },
    spec: { ...spec, containers, volumes },
  };
}
