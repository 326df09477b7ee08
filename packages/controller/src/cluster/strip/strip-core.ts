/**
 * What is kept of Kubernetes' own kinds: what the model reads (packages/api/src/kubernetes), and nothing else. A pod is
 * some ten thousand bytes on the wire and some hundred here.
 */
import type {
  ConfigMap,
  EndpointSlice,
  Namespace,
  NetworkPolicy,
  Pod,
  Secret,
  Service,
  SliceEndpoint,
  StatefulSet,
} from "@waystone/api/kubernetes/core";
import { caKey } from "../../translate/policy/ca-certificates.ts";
import { pickFields } from "./pick-fields.ts";
import type { ShareString } from "./share-strings.ts";
import { stripMetadata } from "./strip-metadata.ts";

export function stripNamespace({ metadata }: Namespace, share: ShareString): Namespace {
  return { apiVersion: "v1", kind: "Namespace", metadata: stripMetadata(metadata, share, "written") };
}

/** The one key that is read of those that policies name. */
export function stripConfigMap({ metadata, data }: ConfigMap, share: ShareString): ConfigMap {
  // What policies read: bundles of certificates, and key sets (the CRD of AuthenticationPolicy says how they end).
  const read = Object.entries(data ?? {}).filter(([name]) => name === caKey || name.endsWith(".json"));
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: stripMetadata(metadata, share, "made"),
    data: Object.fromEntries(read),
  };
}

/** Of those that something names, all entries: whose names mean something is for who reads them to say. */
export function stripSecret({ metadata, type, data }: Secret, share: ShareString): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: stripMetadata(metadata, share, "made"),
    ...(type === undefined ? {} : { type }),
    ...(data === undefined ? {} : { data }),
  };
}

const serviceFields = [
  "type",
  "clusterIP",
  "clusterIPs",
  "selector",
  "ports",
  "publishNotReadyAddresses",
  "externalName",
  "ipFamilies",
  "ipFamilyPolicy",
  "internalTrafficPolicy",
  "externalTrafficPolicy",
  "sessionAffinity",
] as const satisfies readonly (keyof NonNullable<Service["spec"]>)[];

/** Keeps its version: the steps of capture are made on the very Service that was judged. */
export function stripService({ metadata, spec, status }: Service, share: ShareString): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: stripMetadata(metadata, share, "answered"),
    ...(spec === undefined ? {} : { spec: pickFields(spec, serviceFields) }),
    ...(status?.conditions === undefined ? {} : { status: { conditions: status.conditions } }),
  };
}

export function stripEndpointSlice(slice: EndpointSlice, share: ShareString): EndpointSlice {
  const { metadata, addressType, ports, endpoints } = slice;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: stripMetadata(metadata, share, "made"),
    addressType,
    ports: (ports ?? []).map((port) => pickFields(port, ["name", "port", "protocol"])),
    endpoints: (endpoints ?? []).map((endpoint) => stripEndpoint(endpoint, share)),
  };
}

function stripEndpoint(endpoint: SliceEndpoint, share: ShareString): SliceEndpoint {
  const { addresses, conditions, nodeName, zone, targetRef } = endpoint;
  const { kind, namespace, name } = targetRef ?? {};
  return {
    addresses,
    ...(conditions === undefined ? {} : { conditions }),
    ...(nodeName === undefined ? {} : { nodeName: share(nodeName) }),
    ...(zone === undefined ? {} : { zone: share(zone) }),
    ...(kind === undefined || namespace === undefined || name === undefined
      ? {}
      : { targetRef: { kind: share(kind), namespace: share(namespace), name } }),
  };
}

export function stripPod({ metadata, spec, status }: Pod, share: ShareString): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: stripMetadata(metadata, share, "made"),
    ...(spec === undefined ? {} : { spec: stripPodSpec(spec, share) }),
    ...(status === undefined ? {} : { status: stripPodStatus(status) }),
  };
}

type PodSpec = NonNullable<Pod["spec"]>;
type PodStatus = NonNullable<Pod["status"]>;

function stripPodSpec(spec: PodSpec, share: ShareString): PodSpec {
  const { serviceAccountName, nodeName, hostNetwork, subdomain, containers } = spec;
  return {
    ...(serviceAccountName === undefined ? {} : { serviceAccountName: share(serviceAccountName) }),
    ...(nodeName === undefined ? {} : { nodeName: share(nodeName) }),
    ...(hostNetwork === undefined ? {} : { hostNetwork }),
    ...(subdomain === undefined ? {} : { subdomain: share(subdomain) }),
    ...(containers === undefined ? {} : { containers: stripContainers(containers, share) }),
  };
}

/** Containers are read for the ports that they name. */
function stripContainers(
  containers: NonNullable<PodSpec["containers"]>,
  share: ShareString,
): NonNullable<PodSpec["containers"]> {
  return containers.flatMap(({ name, ports }) => {
    const named = (ports ?? []).filter((port) => port.name !== undefined);
    if (named.length === 0) return [];
    const kept = named.map(({ name: portName = "", containerPort }) => ({
      name: share(portName),
      containerPort,
    }));
    return [{ name: share(name), ports: kept }];
  });
}

function stripPodStatus({ phase, podIP, podIPs, conditions }: PodStatus): PodStatus {
  const ready = conditions?.find(({ type }) => type === "Ready");
  const others = podIPs?.map(({ ip }) => ip) ?? [];
  return {
    ...(phase === undefined ? {} : { phase }),
    ...(podIP === undefined ? {} : { podIP }),
    // The first of them is podIP: one pod in a cluster of one family would say it twice.
    ...(others.length === 0 || (others.length === 1 && others[0] === podIP)
      ? {}
      : { podIPs: others.map((ip) => ({ ip })) }),
    // A pod of a cluster without the condition is not Ready; without any at all it would count by its phase.
    conditions: [ready?.status === "True" ? isReady : isNotReady],
  };
}

const isReady = { type: "Ready", status: "True" };
const isNotReady = { type: "Ready", status: "False" };

export function stripStatefulSet({ metadata, spec }: StatefulSet, share: ShareString): StatefulSet {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: stripMetadata(metadata, share, "made"),
    spec: pickFields(spec, ["serviceName"]),
  };
}

export function stripNetworkPolicy({ metadata, spec }: NetworkPolicy, share: ShareString): NetworkPolicy {
  const hasEgress = (spec?.egress?.length ?? 0) > 0;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: stripMetadata(metadata, share, "made"),
    ...(spec === undefined
      ? {}
      : {
          spec: {
            ...pickFields(spec, ["podSelector", "policyTypes"]),
            ...(hasEgress ? { egress: [{}] } : {}),
          },
        }),
  };
}
