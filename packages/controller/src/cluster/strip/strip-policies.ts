/** Policies: all that is written in them is read. Of their statuses, what we compare our own with. */
import type { AuthenticationPolicy, AuthorizationPolicy } from "@waystone/api/kubernetes/waystone";
import type { BackendTLSPolicy, XBackendTrafficPolicy } from "@waystone/api/kubernetes/gateway";
import { experimentalGatewayGroup, gatewayGroup, waystoneGroup } from "@waystone/api/names";
import type { ShareString } from "./share-strings.ts";
import { stripMetadata } from "./strip-metadata.ts";

export function stripAuthenticationPolicy(
  { metadata, spec }: AuthenticationPolicy,
  share: ShareString,
): AuthenticationPolicy {
  return {
    apiVersion: `${waystoneGroup}/v1alpha1`,
    kind: "AuthenticationPolicy",
    metadata: stripMetadata(metadata, share, "written"),
    spec,
  };
}

export function stripAuthorizationPolicy(
  { metadata, spec }: AuthorizationPolicy,
  share: ShareString,
): AuthorizationPolicy {
  return {
    apiVersion: `${waystoneGroup}/v1alpha1`,
    kind: "AuthorizationPolicy",
    metadata: stripMetadata(metadata, share, "written"),
    spec,
  };
}

export function stripBackendTlsPolicy(
  { metadata, spec, status }: BackendTLSPolicy,
  share: ShareString,
): BackendTLSPolicy {
  return {
    apiVersion: `${gatewayGroup}/v1`,
    kind: "BackendTLSPolicy",
    metadata: stripMetadata(metadata, share, "answered"),
    spec,
    ...(status?.ancestors === undefined ? {} : { status: { ancestors: status.ancestors } }),
  };
}

export function stripBackendTrafficPolicy(
  { metadata, spec, status }: XBackendTrafficPolicy,
  share: ShareString,
): XBackendTrafficPolicy {
  return {
    apiVersion: `${experimentalGatewayGroup}/v1alpha1`,
    kind: "XBackendTrafficPolicy",
    metadata: stripMetadata(metadata, share, "answered"),
    spec,
    ...(status?.ancestors === undefined ? {} : { status: { ancestors: status.ancestors } }),
  };
}
