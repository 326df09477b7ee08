/**
 * Who an address is (design.md section 2). Refused, never guessed: pods on the host's network share their node's address; an
 * address that two live pods claim is nobody's; a loopback address is an identity only in standalone mode, where the files
 * are the whole world. A terminating pod keeps its address until another pod has it. A cluster that does not keep source
 * addresses has no identities at all.
 */
import type { Pod } from "@waystone/api/kubernetes/core";
import { isLoopback } from "@waystone/base/ip";
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import { isTerminating, podAddresses, type WorkloadLabels, workloadLabels } from "./pod-identity.ts";
import type { Sources } from "./sources.ts";

export interface WorkloadModel {
  readonly address: string;
  readonly workload: WorkloadLabels;
  /** The pod's. */
  readonly labels: Readonly<Record<string, string>>;
}

interface Holder {
  readonly key: string;
  readonly address: string;
  readonly terminating: boolean;
  /** None on the host's network: such a pod only makes the address nobody's. */
  readonly model: WorkloadModel | undefined;
}

export function buildWorkloads(
  graph: CollectionGraph,
  sources: Sources,
  options: { readonly standalone: boolean },
): Collection<WorkloadModel> {
  const probe = sources.cluster?.sourceProbe;
  const holders = graph.derive(
    sources.pods,
    (_, { key, object }) => holdersOf(key, object, options.standalone),
    {
      name: "address-holders",
      key: (holder) => holder.key,
    },
  );
  const byAddress = graph.index("address-holders-by-address", holders, (holder) => [holder.address]);
  return graph.derive(
    holders,
    (context, holder) => {
      // Addresses that pods are not seen under are those of nodes or proxies: they would be somebody else's.
      if (probe !== undefined && context.get(probe, "source")?.verdict === "lost") return undefined;
      const rivals = context.lookup(byAddress, holder.address);
      const live = rivals.filter((rival) => !rival.terminating);
      const claimants = live.length > 0 ? live : rivals;
      return claimants.length === 1 && claimants[0]?.key === holder.key ? holder.model : undefined;
    },
    { name: "workloads", key: (workload) => workload.address },
  );
}

function holdersOf(key: string, pod: Pod, standalone: boolean): Holder[] {
  const onHostNetwork = pod.spec?.hostNetwork === true;
  const workload = workloadLabels(pod);
  const labels = pod.metadata.labels ?? noLabels;
  return podAddresses(pod)
    .filter((address) => standalone || !isLoopback(address))
    .map((address) => ({
      key: `${address} ${key}`,
      address,
      terminating: isTerminating(pod),
      model: onHostNetwork ? undefined : { address, workload, labels },
    }));
}

const noLabels: Readonly<Record<string, string>> = {};
