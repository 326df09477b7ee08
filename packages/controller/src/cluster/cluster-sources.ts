/**
 * The objects of a cluster as the collections that the model is made from: one reflector per kind, each object stripped on
 * arrival to what is read. Kinds that a CustomResourceDefinition defines come and go with it.
 */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { Rng } from "@waystone/base/rng";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { Collection, CollectionGraph, SourceCollection } from "@waystone/collection/collection";
import type { Transport } from "@waystone/kube/transport/transport";
import type { SourceProbeResult } from "../probe/probe-source.ts";
import type { ClusterOnlySources, SourcedObject, Sources } from "../model/sources.ts";
import { deriveAbsentKinds } from "./absent-kinds.ts";
import { deriveApiServerBackends } from "./api-server-backends.ts";
import { ClusterFollower } from "./cluster-follower.ts";
import { builtInKinds, definedKinds } from "./followed-kinds.ts";
import { followNamed } from "./follow-named.ts";
import { deriveGatewayApiRelease, type GatewayApiRelease } from "./gateway-api-release.ts";
import { reportGatewayApi } from "./report-gateway-api.ts";
import {
  stripEndpointSlice,
  stripNamespace,
  stripNetworkPolicy,
  stripPod,
  stripService,
  stripStatefulSet,
} from "./strip/strip-core.ts";
import { stripAuthorizationPolicy, stripBackendTrafficPolicy } from "./strip/strip-policies.ts";
import {
  stripGrpcRoute,
  stripHttpRoute,
  stripReferenceGrant,
  stripServiceMonitor,
  stripTcpRoute,
  stripTlsRoute,
  stripWaypointParameters,
} from "./strip/strip-gateway-api.ts";

export interface ClusterSourcesOptions {
  readonly transport: Transport;
  readonly graph: CollectionGraph;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly metrics?: MetricsRegistry;
  /** Of the controller. */
  readonly ownNamespace: string;
}

export interface ClusterSources {
  readonly sources: Sources & { readonly cluster: ClusterOnlySources };
  /** Written by the leader (probe/probe-source.ts). */
  readonly sourceProbe: SourceCollection<SourceProbeResult>;
  /** A collection of one. */
  readonly gatewayApi: Collection<GatewayApiRelease>;
  /** The kinds of which not all is known yet, as kubectl names them: "pods". */
  readonly waitingFor: readonly string[];
  /** Resolves when all kinds were complete once; never rejects, and not at all if closed before. */
  whenSynced(): Promise<void>;
  /** Stops following. The collections stay as they are. */
  close(): Promise<void>;
}

export function openClusterSources(options: ClusterSourcesOptions): ClusterSources {
  const { graph, clock, logger, ownNamespace } = options;
  const follower = new ClusterFollower(options);
  const { definitions } = follower;
  const gatewayApi = deriveGatewayApiRelease(graph, definitions);

  const sourceProbe = graph.source<SourceProbeResult>({ name: "source-probe", key: ({ key }) => key });

  const named = followNamed(options, follower);

  const sources = {
    namespaces: follower.follow(builtInKinds.namespaces, stripNamespace),
    services: follower.follow(builtInKinds.services, stripService),
    endpointSlices: follower.follow(builtInKinds.endpointSlices, stripEndpointSlice),
    pods: follower.follow(builtInKinds.pods, stripPod),
    secrets: named.secrets,
    configMaps: named.configMaps,
    gatewayClasses: named.gatewayClasses,
    gateways: named.gateways,
    httpRoutes: follower.followDefined(definedKinds.httpRoutes, stripHttpRoute),
    grpcRoutes: follower.followDefined(definedKinds.grpcRoutes, stripGrpcRoute),
    referenceGrants: follower.followDefined(definedKinds.referenceGrants, stripReferenceGrant),
    backendTlsPolicies: named.backendTlsPolicies,
    authenticationPolicies: named.authenticationPolicies,
    backendTrafficPolicies: follower.followDefined(
      definedKinds.backendTrafficPolicies,
      stripBackendTrafficPolicy,
    ),
    authorizationPolicies: follower.followDefined(
      definedKinds.authorizationPolicies,
      stripAuthorizationPolicy,
    ),
    tlsRoutes: follower.followDefined(definedKinds.tlsRoutes, stripTlsRoute),
    tcpRoutes: follower.followDefined(definedKinds.tcpRoutes, stripTcpRoute),
    unserved: emptySource<KubernetesObject>(graph, "unserved"),
    cluster: {
      ownNamespace,
      statefulSets: follower.follow(builtInKinds.statefulSets, stripStatefulSet),
      networkPolicies: follower.follow(builtInKinds.networkPolicies, stripNetworkPolicy),
      waypointParameters: follower.followDefined(definedKinds.waypointParameters, stripWaypointParameters),
      serviceMonitors: follower.followDefined(definedKinds.serviceMonitors, stripServiceMonitor),
      apiServerBackends: deriveApiServerBackends(graph, follower),
      absentKinds: deriveAbsentKinds(graph, definitions),
      refusedSecrets: named.refusedSecrets,
      refusedConfigMaps: named.refusedConfigMaps,
      sourceProbe,
    },
  };

  let stopReport = (): void => {};
  let isClosed = false;
  void follower.definitionsSynced.then(() => {
    if (!isClosed) stopReport = reportGatewayApi({ release: gatewayApi, clock, logger });
  });
  return {
    sources,
    sourceProbe,
    gatewayApi,
    get waitingFor() {
      return follower.waitingFor;
    },
    async whenSynced() {
      await follower.whenSynced();
      await named.whenSettled();
    },
    async close() {
      isClosed = true;
      stopReport();
      await named.close();
      await follower.close();
    },
  };
}

function emptySource<T extends KubernetesObject>(
  graph: CollectionGraph,
  name: string,
): Collection<SourcedObject<T>> {
  return graph.source<SourcedObject<T>>({ name, key: ({ key }) => key });
}
