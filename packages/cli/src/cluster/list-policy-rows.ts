/** The policies of a cluster, of every kind that Waystone carries out, as their statuses tell. */
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import type { Condition, KubernetesObject } from "@waystone/api/kubernetes/meta";
import { controllerName } from "@waystone/api/names";
import { type PolicyRow, policyRow } from "@waystone/controller/status/policy-table";
import type { Transport } from "@waystone/kube/transport/transport";
import { kinds } from "./kinds.ts";
import { listWhereDefined } from "./list-where-defined.ts";

/** What all kinds of policies have. */
interface AnyPolicy extends KubernetesObject {
  readonly spec?: {
    readonly mode?: string;
    readonly targetRefs?: readonly Pick<ParentReference, "kind" | "name" | "sectionName">[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly ancestors?: readonly {
      readonly controllerName: string;
      readonly conditions: readonly Condition[];
    }[];
  };
}

const policyKinds = [
  kinds.authenticationPolicy,
  kinds.authorizationPolicy,
  kinds.backendTlsPolicy,
  kinds.backendTrafficPolicy,
];

export async function listPolicyRows(
  transport: Transport,
  scope: { readonly namespace?: string },
): Promise<readonly PolicyRow[]> {
  const lists = await Promise.all(
    policyKinds.map(async (kind) => {
      const policies = await listWhereDefined<AnyPolicy>(transport, kind, scope);
      return policies.map((policy) => rowOf(kind.kind, policy));
    }),
  );
  return lists
    .flat()
    .toSorted((a, b) => (a.namespace < b.namespace ? -1 : a.namespace > b.namespace ? 1 : 0));
}

function rowOf(kind: string, { metadata, spec = {}, status = {} }: AnyPolicy): PolicyRow {
  return policyRow({
    kind,
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    targets: spec.targetRefs ?? [],
    mode: spec.mode,
    conditions: status.conditions ?? [],
    ancestors: (status.ancestors ?? []).filter((each) => each.controllerName === controllerName),
    notes: [],
  });
}
