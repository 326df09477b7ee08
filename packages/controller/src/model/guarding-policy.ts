/**
 * Which ingress NetworkPolicy guards a Service's pods. After capture the source of a request is the waypoint: a policy that
 * admits certain callers would block it, one that admits the namespace would let anybody through it. Until rules are
 * projected onto the waypoint, Services of guarded pods are left alone.
 *
 * Pods are found through the EndpointSlices that Kubernetes makes of them, so that this costs nothing in namespaces without
 * such a policy, and a pod concerns only the Services that it is an endpoint of.
 */
import type { EndpointSlice, NetworkPolicy, Pod } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import { matchLabelSelector } from "./label-selector.ts";
import type { ShadowModel } from "./shadow.ts";
import { isOurSlice } from "./slice.ts";
import type { ClusterOnlySources, SourcedObject } from "./sources.ts";
import { waypointOfLabels } from "./waypoint-pod.ts";

type Labels = Readonly<Record<string, string>>;

export interface GuardingPolicies {
  readonly byNamespace: Index<SourcedObject<NetworkPolicy>>;
  readonly slicesByService: Index<SourcedObject<EndpointSlice>>;
  readonly pods: Collection<SourcedObject<Pod>>;
}

export function indexGuardingPolicies(
  graph: CollectionGraph,
  { networkPolicies }: ClusterOnlySources,
): Index<SourcedObject<NetworkPolicy>> {
  return graph.index("ingress-policies-by-namespace", networkPolicies, ({ object }) =>
    isForIngress(object) ? [object.metadata.namespace ?? ""] : [],
  );
}

export interface GuardedService {
  /** "<namespace>/<name>" */
  readonly key: string;
  readonly selector: Labels;
  readonly shadow: ShadowModel | undefined;
}

/** The first policy by name that guards a pod of the Service, or any pod that its selector ever could pick. */
export function findGuardingPolicy(
  context: FetchContext,
  given: GuardingPolicies,
  { key, selector, shadow }: GuardedService,
): string | undefined {
  const namespace = key.slice(0, key.indexOf("/"));
  const policies = context
    .lookup(given.byNamespace, namespace)
    .map(({ object }) => object)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  if (policies.length === 0) return undefined;
  const pods = [key, shadow?.key].flatMap((service) =>
    service === undefined ? [] : labelsOfPods(context, given, service),
  );
  return policies.find(
    (policy) => selectsAllOf(policy, selector) || pods.some((labels) => selects(policy, labels)),
  )?.metadata.name;
}

/** Without those of waypoints, which a captured front's own slices name. */
function labelsOfPods(
  context: FetchContext,
  { slicesByService, pods }: GuardingPolicies,
  service: string,
): Labels[] {
  const slices = context.lookup(slicesByService, service).filter(({ object }) => !isOurSlice(object));
  return slices.flatMap(({ object: { metadata, endpoints } }) =>
    (endpoints ?? []).flatMap(({ targetRef }) => {
      if (targetRef?.kind !== "Pod" || targetRef.name === undefined) return [];
      const pod = context.get(pods, `${targetRef.namespace ?? metadata.namespace ?? ""}/${targetRef.name}`);
      const labels = pod?.object.metadata.labels ?? {};
      return pod === undefined || waypointOfLabels(labels) !== undefined ? [] : [labels];
    }),
  );
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
