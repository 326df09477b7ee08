/**
 * All that an installation tells whoever may read anything but Secrets: objects with their status and events, logs, and what the pages of each
 * pod of ours say, those on loopback too, with the files that it keeps. By place, as text.
 */
import { captureKeys } from "@waystone/api/names";
import type { RunningCluster } from "../running-cluster.ts";
import { releaseNamespace } from "./helm.ts";

export interface ToldPlaces {
  readonly cluster: RunningCluster;
  /** Of the waypoint. What is written in its objects is their owner's, secrets or not: of them only the status is told by us. */
  readonly namespace: string;
}

interface ListedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly status?: unknown;
}

const ofController = ["-n", releaseNamespace, "-l", "app.kubernetes.io/component=controller"];
const appliedKey = "kubectl.kubernetes.io/last-applied-configuration";

/** Runs in a pod of ours: what it serves, and what is in its files. */
const readPod = `
  import fs from "node:fs";
  const pages = ["/", "/config_dump", "/status", "/metrics", "/logging", "/healthz/ready"];
  const get = async (url) => await (await fetch(url)).text();
  const all = await Promise.all([15000, 15020, 15021].flatMap((port) => pages.map((page) => get("http://127.0.0.1:" + port + page))));
  const folder = "/var/lib/waystone";
  const entries = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map((file) => fs.readFileSync(file.parentPath + "/" + file.name, "latin1"));
  process.stdout.write([...all, ...files].join("\\n"));`;

export async function readToldPlaces({ cluster, namespace }: ToldPlaces): Promise<Record<string, string>> {
  const ofWaypoint = ["-n", namespace, "-l", captureKeys.waypoint];
  const places: Record<string, string> = { objects: await listObjects(cluster, namespace) };
  for (const [name, pods] of Object.entries({ controller: ofController, waypoint: ofWaypoint })) {
    const logs = ["logs", ...pods, "--all-containers", "--prefix", "--tail=-1"];
    places[`log of ${name}`] = await cluster.kubectl(logs);
    places[`pages of ${name}`] = (await runInEach(cluster, pods, readPod)).join("\n");
  }
  return places;
}

/** What each of the pods prints of a module's program. */
export async function runInEach(
  cluster: RunningCluster,
  pods: readonly string[],
  program: string,
): Promise<string[]> {
  const [, namespace = ""] = pods;
  const names = (await cluster.kubectl(["get", "pods", ...pods, "-o", "name"])).trim().split("\n");
  const command = ["node", "--input-type=module", "-e", program];
  return await Promise.all(
    names.map(async (pod) => await cluster.kubectl(["-n", namespace, "exec", pod, "--", ...command])),
  );
}

/** Of every kind that can be listed, events among them. */
async function listObjects(cluster: RunningCluster, namespace: string): Promise<string> {
  const kinds = (await cluster.kubectl(["api-resources", "--verbs=list", "-o", "name"])).trim().split("\n");
  const told = kinds.filter((kind) => kind !== "secrets").join(",");
  const list = JSON.parse(await cluster.kubectl(["get", told, "-A", "-o", "json"])) as {
    items: readonly ListedObject[];
  };
  return list.items.map((object) => JSON.stringify(isOfOwner(object) ? object.status : object)).join("\n");

  function isOfOwner({ metadata }: ListedObject): boolean {
    const { namespace: own } = metadata as { namespace?: string };
    return own === namespace && metadata.annotations?.[appliedKey] !== undefined;
  }
}
