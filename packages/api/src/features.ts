/**
 * What Waystone claims to do, by the Gateway API's names (its pkg/features): `supportedFeatures` of the GatewayClass says it to
 * people, and the conformance suite is told the same. Sorted, at most 64 (GEP-2162). A name stands here when tests hold it.
 */

export interface InstalledRelease {
  /** "v1.6.3"; several where a release was applied halfway. */
  readonly versions: readonly string[];
  /** "standard", "experimental". */
  readonly channels: readonly string[];
}

/** With the fields that the installed definitions have: what the API server throws away nobody supports. */
export function supportedFeatures({ versions, channels }: InstalledRelease): readonly string[] {
  const is17 = versions.length > 0 && versions.every(isSince17);
  const hasOldRetries = !is17 && channels.length > 0 && channels.every((each) => each === "experimental");
  const more = is17 ? since17 : hasOldRetries ? retries : [];
  return [...everywhere, ...more].toSorted();
}

/** `retry` of HTTPRoute: experimental until 1.6, standard since 1.7, where its features were named anew. */
const retries: readonly string[] = [
  "HTTPRouteRetry",
  "HTTPRouteRetryBackendTimeout",
  "HTTPRouteRetryConnectionError",
];
/** With what had no name before. */
const since17: readonly string[] = [
  "GRPCRouteRequestHeaderModifier",
  "HTTPRouteBackendURLRewrite",
  "HTTPRouteRetryCodes",
  "HTTPRouteRetryConnectionError",
];

function isSince17(version: string): boolean {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 7);
}

const everywhere: readonly string[] = [
  "BackendTLSPolicy",
  "BackendTLSPolicySANValidation",
  "GRPCRoute",
  "GRPCRouteNamedRouteRule",
  "HTTPRoute",
  "HTTPRoute303RedirectStatusCode",
  "HTTPRoute307RedirectStatusCode",
  "HTTPRoute308RedirectStatusCode",
  "HTTPRouteBackendProtocolH2C",
  "HTTPRouteBackendProtocolWebSocket",
  "HTTPRouteBackendRequestHeaderModification",
  "HTTPRouteBackendTimeout",
  "HTTPRouteCORS",
  "HTTPRouteHostRewrite",
  "HTTPRouteMethodMatching",
  "HTTPRouteNamedRouteRule",
  "HTTPRouteParentRefPort",
  "HTTPRoutePathRedirect",
  "HTTPRoutePathRewrite",
  "HTTPRoutePortRedirect",
  "HTTPRouteQueryParamMatching",
  "HTTPRouteRequestMirror",
  "HTTPRouteRequestMultipleMirrors",
  "HTTPRouteRequestPercentageMirror",
  "HTTPRouteRequestTimeout",
  "HTTPRouteResponseHeaderModification",
  "HTTPRouteSchemeRedirect",
  "Mesh",
  "MeshClusterIPMatching",
  "MeshConsumerRoute",
  "MeshHTTPRouteBackendRequestHeaderModification",
  "MeshHTTPRouteNamedRouteRule",
  "MeshHTTPRouteQueryParamMatching",
  "MeshHTTPRouteRedirectPath",
  "MeshHTTPRouteRedirectPort",
  "MeshHTTPRouteRewritePath",
  "MeshHTTPRouteSchemeRedirect",
  "TCPRoute",
  "TLSRoute",
];
