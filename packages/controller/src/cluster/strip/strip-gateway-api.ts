/**
 * What is kept of the kinds that CRDs define: their spec as it is, and of their status what we compare our own with. The API
 * server has checked them by the CRD's schema and filled in its defaults.
 */
import type {
  Gateway,
  GatewayClass,
  GRPCRoute,
  HTTPRoute,
  ReferenceGrant,
  TCPRoute,
  TLSRoute,
} from "@waystone/api/kubernetes/gateway";
import type { ServiceMonitor } from "@waystone/api/kubernetes/monitoring";
import type { WaypointParameters } from "@waystone/api/kubernetes/waystone";
import { gatewayGroup, waystoneGroup } from "@waystone/api/names";
import { pickFields } from "./pick-fields.ts";
import type { ShareString } from "./share-strings.ts";
import { stripMetadata } from "./strip-metadata.ts";

const gatewayVersion = `${gatewayGroup}/v1`;

export function stripGatewayClass(
  { metadata, spec, status }: GatewayClass,
  share: ShareString,
): GatewayClass {
  return {
    apiVersion: gatewayVersion,
    kind: "GatewayClass",
    metadata: stripMetadata(metadata, share, "written"),
    spec: pickFields(spec, ["controllerName", "parametersRef"]),
    ...(status === undefined ? {} : { status: pickFields(status, ["conditions", "supportedFeatures"]) }),
  };
}

export function stripGateway({ metadata, spec, status }: Gateway, share: ShareString): Gateway {
  return {
    apiVersion: gatewayVersion,
    kind: "Gateway",
    metadata: stripMetadata(metadata, share, "answered"),
    spec: pickFields(spec, ["gatewayClassName", "listeners", "infrastructure", "addresses", "tls"]),
    ...(status === undefined ? {} : { status: pickFields(status, ["addresses", "conditions", "listeners"]) }),
  };
}

export function stripHttpRoute({ metadata, spec, status }: HTTPRoute, share: ShareString): HTTPRoute {
  return {
    apiVersion: gatewayVersion,
    kind: "HTTPRoute",
    metadata: stripMetadata(metadata, share, "answered"),
    ...(spec === undefined ? {} : { spec }),
    ...(status?.parents === undefined ? {} : { status: { parents: status.parents } }),
  };
}

export function stripGrpcRoute({ metadata, spec, status }: GRPCRoute, share: ShareString): GRPCRoute {
  return {
    apiVersion: gatewayVersion,
    kind: "GRPCRoute",
    metadata: stripMetadata(metadata, share, "answered"),
    ...(spec === undefined ? {} : { spec }),
    ...(status?.parents === undefined ? {} : { status: { parents: status.parents } }),
  };
}

export function stripReferenceGrant({ metadata, spec }: ReferenceGrant, share: ShareString): ReferenceGrant {
  return {
    apiVersion: gatewayVersion,
    kind: "ReferenceGrant",
    metadata: stripMetadata(metadata, share, "written"),
    spec: pickFields(spec, ["from", "to"]),
  };
}

/** In the version that the cluster serves it in: its status is written in the same. */
export function stripTlsRoute(
  { apiVersion, metadata, spec, status }: TLSRoute,
  share: ShareString,
): TLSRoute {
  return {
    apiVersion: share(apiVersion),
    kind: "TLSRoute",
    metadata: stripMetadata(metadata, share, "answered"),
    ...(spec === undefined ? {} : { spec }),
    ...(status?.parents === undefined ? {} : { status: { parents: status.parents } }),
  };
}

export function stripTcpRoute(
  { apiVersion, metadata, spec, status }: TCPRoute,
  share: ShareString,
): TCPRoute {
  return {
    apiVersion: share(apiVersion),
    kind: "TCPRoute",
    metadata: stripMetadata(metadata, share, "answered"),
    ...(spec === undefined ? {} : { spec }),
    ...(status?.parents === undefined ? {} : { status: { parents: status.parents } }),
  };
}

export function stripWaypointParameters(
  { metadata, spec }: WaypointParameters,
  share: ShareString,
): WaypointParameters {
  return {
    apiVersion: `${waystoneGroup}/v1alpha1`,
    kind: "WaypointParameters",
    metadata: stripMetadata(metadata, share, "written"),
    ...(spec === undefined ? {} : { spec }),
  };
}

export function stripServiceMonitor({ metadata, spec }: ServiceMonitor, share: ShareString): ServiceMonitor {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: stripMetadata(metadata, share, "made"),
    spec: {
      ...pickFields(spec, ["selector", "namespaceSelector"]),
      endpoints: (spec.endpoints ?? []).map((endpoint) => pickFields(endpoint, ["port", "targetPort"])),
    },
  };
}
