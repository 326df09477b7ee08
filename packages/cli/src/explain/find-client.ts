/** `--from`: a pod, a service account or an address, and what a waypoint would know of it. */
import { typeUrls } from "@waystone/api/names";
import { parseIp } from "@waystone/base/ip";
import { suggest } from "@waystone/base/suggest";
import type { WorkloadModel } from "@waystone/controller/model/workload";
import type { WorkloadState } from "@waystone/waypoint/store/snapshot";
import { workloadFromResource } from "@waystone/waypoint/store/workload-from-resource";
import { workloadToResource } from "@waystone/controller/translate/workload-to-resource";
import { CliError } from "../cli-error.ts";
import type { World } from "./world.ts";

export interface FoundClient {
  readonly state: WorkloadState;
  /** "" where only a service account is known. */
  readonly address: string;
  /** Who it is and how surely, for people. */
  readonly text: string;
}

/** Throws a CliError that says what would be right. */
export function findClient(world: World, from: string): FoundClient {
  const address = parseIp(from);
  if (address !== undefined) return clientAt(world, address);
  const [, word = "", namespace = "", name = ""] = /^(?:(pod|sa)\/)?([^/]+)\/([^/]+)$/.exec(from) ?? [];
  if (name === "") {
    throw new CliError(
      `--from ${JSON.stringify(from)} is neither <namespace>/<pod>, <namespace>/<service account> nor an IP address`,
    );
  }
  const pod = word === "sa" ? undefined : world.sources.pods.get(`${namespace}/${name}`);
  if (pod !== undefined) {
    const podAddress = parseIp(pod.object.status?.podIP ?? "");
    if (podAddress === undefined) {
      const unknown = `pod ${namespace}/${name} has no address yet, so that no waypoint can know it: unknown (assurance None)`;
      return { state: { known: false }, address: "", text: unknown };
    }
    return clientAt(world, podAddress, `pod ${namespace}/${name}`);
  }
  const alike = world.model.workloads
    .list()
    .filter(({ workload }) => workload.namespace === namespace && workload.serviceAccount === name)
    .toSorted((a, b) => (a.workload.pod < b.workload.pod ? -1 : 1));
  if (word !== "pod" && alike[0] !== undefined) return clientAs(alike[0], alike.length);
  if (word === "sa" || (word === "" && accountsInPolicies(world).has(`${namespace}/${name}`))) {
    return accountAlone(namespace, name);
  }
  throw new CliError(describeUnknown(world, `${namespace}/${name}`, word));
}

function clientAt(world: World, address: string, asked = ""): FoundClient {
  const resource = world.catalog.get(typeUrls.workload, address, "*");
  if (resource === undefined) {
    const why = asked === "" ? "no pod has that address" : `${asked} is not told apart by it`;
    return { state: { known: false }, address, text: `unknown: ${address} (assurance None; ${why})` };
  }
  const state = workloadFromResource(resource);
  const { namespace, pod, serviceAccount } = state.known
    ? state.labels
    : { namespace: "", pod: "", serviceAccount: "" };
  const text = `pod ${namespace}/${pod} as ServiceAccount ${namespace}/${serviceAccount}, by its address ${address} (assurance Network)`;
  return { state, address, text };
}

function clientAs(model: WorkloadModel, count: number): FoundClient {
  const { namespace, pod, serviceAccount } = model.workload;
  const as = count === 1 ? `as pod ${pod}` : `as pod ${pod}, one of ${count} that run as it`;
  return {
    state: workloadFromResource(workloadToResource(model)),
    address: model.address,
    text: `ServiceAccount ${namespace}/${serviceAccount}, ${as}, by its address ${model.address} (assurance Network)`,
  };
}

function accountAlone(namespace: string, serviceAccount: string): FoundClient {
  const labels = { ...noLabels, namespace, serviceAccount };
  const text = `ServiceAccount ${namespace}/${serviceAccount} (assurance Network); no pod runs as it here, so that its address and labels are not known`;
  return { state: { known: true, labels, podLabels: new Map() }, address: "", text };
}

const noLabels = {
  pod: "",
  workload: "",
  app: "",
  version: "",
  canonicalService: "",
  canonicalRevision: "",
};

/** Who a policy names is no typing error, whether or not a pod runs as it. */
function accountsInPolicies({ sources }: World): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { object } of sources.authorizationPolicies.list()) {
    for (const { source } of (object.spec.rules ?? []).flatMap(({ from }) => from ?? [])) {
      for (const account of source?.serviceAccounts ?? []) {
        names.add(account.includes("/") ? account : `${object.metadata.namespace ?? ""}/${account}`);
      }
    }
  }
  return names;
}

function describeUnknown(world: World, name: string, word: string): string {
  const known = new Set<string>(word === "sa" ? [] : world.sources.pods.list().map(({ key }) => key));
  if (word !== "pod") {
    for (const { workload } of world.model.workloads.list())
      known.add(`${workload.namespace}/${workload.serviceAccount}`);
    for (const account of accountsInPolicies(world)) known.add(account);
  }
  const close = suggest(name, known);
  const hint = close === undefined ? `sa/${name} asks for it all the same` : `did you mean ${close}?`;
  return `--from: there is no ${word === "pod" ? "pod" : "pod or service account"} ${name}; ${hint}`;
}
