/**
 * Which pods an ingress NetworkPolicy selects, and so whom it guards. After capture the source of a request is the waypoint:
 * a policy that admits certain callers would block it, one that admits the namespace would let anybody through it. Until
 * rules are projected onto the waypoint, Services of guarded pods are left alone.
 */
import type { NetworkPolicy } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import { matchLabelSelector, matchLabels } from "./label-selector.ts";
import type { ClusterOnlySources, SourcedObject, Sources } from "./sources.ts";

type Labels = Readonly<Record<string, string>>;

export interface GuardingPolicies {
  readonly byNamespace: Index<SourcedObject<NetworkPolicy>>;
  /** Pods that some policy guards, by "<namespace> <label>=<value>" of each of their labels. */
  readonly podsByLabel: Index<GuardedPod>;
}

interface GuardedPod {
  readonly key: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** Names of NetworkPolicies, sorted. */
  readonly policies: readonly string[];
}

export function buildGuardingPolicies(
  graph: CollectionGraph,
  sources: Sources,
  cluster: ClusterOnlySources,
): GuardingPolicies {
  const byNamespace = graph.index("ingress-policies-by-namespace", cluster.networkPolicies, ({ object }) =>
    isForIngress(object) ? [object.metadata.namespace ?? ""] : [],
  );
  const pods: Collection<GuardedPod> = graph.derive(
    sources.pods,
    (context, { key, object }): GuardedPod | undefined => {
      const { namespace = "", labels = {} } = object.metadata;
      const policies = context
        .lookup(byNamespace, namespace)
        .filter((policy) => selects(policy.object, labels));
      if (policies.length === 0) return undefined;
      return {
        key,
        namespace,
        labels,
        policies: policies.map(({ object: { metadata } }) => metadata.name).toSorted(),
      };
    },
    { name: "guarded-pods", key: (pod) => pod.key },
  );
  const podsByLabel = graph.index("guarded-pods-by-label", pods, ({ namespace, labels }) =>
    Object.entries(labels).map(([label, value]) => placeOf(namespace, label, value)),
  );
  return { byNamespace, podsByLabel };
}

/** The first policy by name that guards a pod which `selector` picks, or any pod that it ever could pick. */
export function findGuardingPolicy(
  context: FetchContext,
  { byNamespace, podsByLabel }: GuardingPolicies,
  namespace: string,
  selector: Labels,
): string | undefined {
  const names = context
    .lookup(byNamespace, namespace)
    .filter(({ object }) => selectsAllOf(object, selector))
    .map(({ object }) => object.metadata.name);
  // One pair finds them: a pod wakes only the Services that could pick it.
  const pair = Object.entries(selector).toSorted(([a], [b]) => (a < b ? -1 : 1))[0];
  if (pair !== undefined) {
    const pods = context.lookup(podsByLabel, placeOf(namespace, pair[0], pair[1]));
    for (const { labels, policies } of pods) if (matchLabels(selector, labels)) names.push(...policies);
  }
  return names.toSorted()[0];
}

function placeOf(namespace: string, label: string, value: string): string {
  return `${namespace} ${label}=${value}`;
}

/** Every policy is one for ingress unless it says otherwise (API reference of NetworkPolicySpec.policyTypes). */
function isForIngress({ spec }: NetworkPolicy): boolean {
  return spec?.policyTypes === undefined || spec.policyTypes.includes("Ingress");
}

function selects({ spec }: NetworkPolicy, labels: Labels): boolean {
  return matchLabelSelector(spec?.podSelector ?? {}, labels);
}

/** Whether no pod that `selector` picks could escape the policy: so much is known before there are pods. */
function selectsAllOf(policy: NetworkPolicy, selector: Labels): boolean {
  const expressions = policy.spec?.podSelector?.matchExpressions ?? [];
  const isOpen = expressions.some(
    ({ operator, key }) =>
      operator === "DoesNotExist" || (operator === "NotIn" && selector[key] === undefined),
  );
  return !isOpen && selects(policy, selector);
}
