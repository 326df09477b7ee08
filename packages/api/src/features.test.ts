import { describe, expect, test } from "vitest";
import { supportedFeatures } from "./features.ts";

const standard = { versions: ["v1.6.3"], channels: ["standard"] };
const experimental = { versions: ["v1.6.3"], channels: ["experimental"] };

describe("what Waystone claims (GEP-2162)", () => {
  test.for([standard, experimental, { ...standard, versions: ["v1.7.0"] }])(
    "with $versions, $channels channel: sorted, each once, no more than 64",
    (release) => {
      const features = supportedFeatures(release);
      expect(features).toEqual([...new Set(features)].toSorted());
      expect(features.length).toBeLessThanOrEqual(64);
    },
  );

  test.for([
    ["the standard channel of 1.6 has no retries", standard, []],
    [
      "its experimental channel has",
      experimental,
      ["HTTPRouteRetry", "HTTPRouteRetryBackendTimeout", "HTTPRouteRetryConnectionError"],
    ],
    [
      "since 1.7 both have them, and call them otherwise",
      { ...standard, versions: ["v1.7.0"] },
      ["HTTPRouteRetryCodes", "HTTPRouteRetryConnectionError"],
    ],
    [
      "of a release that is applied halfway nothing is known",
      { versions: ["v1.6.3", "v1.7.0"], channels: [] },
      [],
    ],
    ["and where nothing is installed nothing either", { versions: [], channels: [] }, []],
  ] as const)("%s", ([, release, retries]) => {
    expect(supportedFeatures(release).filter((name) => name.startsWith("HTTPRouteRetry"))).toEqual(retries);
  });
});

/** All names of pkg/features, release by release. */
const inBoth = `
  BackendTLSPolicy BackendTLSPolicySANValidation GRPCRoute GRPCRouteNamedRouteRule Gateway
  GatewayAddressEmpty GatewayBackendClientCertificate GatewayFrontendClientCertificateValidation
  GatewayFrontendClientCertificateValidationInsecureFallback GatewayHTTPListenerIsolation
  GatewayHTTPSListenerDetectMisdirectedRequests GatewayInfrastructure GatewayPort8080
  GatewayStaticAddresses HTTPRoute HTTPRoute303RedirectStatusCode HTTPRoute307RedirectStatusCode
  HTTPRoute308RedirectStatusCode HTTPRouteBackendProtocolH2C HTTPRouteBackendProtocolWebSocket
  HTTPRouteBackendRequestHeaderModification HTTPRouteBackendTimeout HTTPRouteCORS
  HTTPRouteDestinationPortMatching HTTPRouteHostRewrite HTTPRouteMethodMatching HTTPRouteNamedRouteRule
  HTTPRouteParentRefPort HTTPRoutePathRedirect HTTPRoutePathRewrite HTTPRoutePortRedirect
  HTTPRouteQueryParamMatching HTTPRouteRequestMirror HTTPRouteRequestMultipleMirrors
  HTTPRouteRequestPercentageMirror HTTPRouteRequestTimeout HTTPRouteResponseHeaderModification
  HTTPRouteRetryConnectionError HTTPRouteSchemeRedirect ListenerSet Mesh MeshClusterIPMatching
  MeshConsumerRoute MeshHTTPRouteBackendRequestHeaderModification MeshHTTPRouteNamedRouteRule
  MeshHTTPRouteQueryParamMatching MeshHTTPRouteRedirectPath MeshHTTPRouteRedirectPort
  MeshHTTPRouteRewritePath MeshHTTPRouteSchemeRedirect ReferenceGrant TCPRoute TLSRoute
  TLSRouteModeMixed TLSRouteModeTerminate UDPRoute`;
const known = {
  "v1.6.3": namesIn(`${inBoth} HTTPRouteRetry HTTPRouteRetryBackendTimeout`),
  "v1.7.0": namesIn(`${inBoth}
  ClusterTrustBundle GRPCRouteRequestHeaderModifier GatewayAddressRoutability
  GatewayAddressRoutabilityCluster GatewayListenerFilters GatewayRouteHostnameIntersectionPrecedence
  HTTPRouteBackendURLRewrite HTTPRouteRetryCodes`),
};

/** Those that we leave out, and why. ExternalAuth (GEP-1494) has no name in either. */
const notClaimed: readonly (readonly [string, string])[] = [
  [
    "north-south traffic is not claimed",
    "Gateway GatewayAddressEmpty GatewayAddressRoutability GatewayAddressRoutabilityCluster GatewayBackendClientCertificate GatewayFrontendClientCertificateValidation GatewayFrontendClientCertificateValidationInsecureFallback GatewayHTTPListenerIsolation GatewayHTTPSListenerDetectMisdirectedRequests GatewayInfrastructure GatewayListenerFilters GatewayPort8080 GatewayRouteHostnameIntersectionPrecedence GatewayStaticAddresses ListenerSet",
  ],
  ["it is about references of Gateways; those of a mesh's routes need none (GEP-1294)", "ReferenceGrant"],
  ["TLS is passed through, never ended", "TLSRouteModeMixed TLSRouteModeTerminate"],
  [
    "the suite asks it of a Gateway's ports; HTTPRouteParentRefPort says it of Services",
    "HTTPRouteDestinationPortMatching",
  ],
  ["UDP is not served", "UDPRoute"],
  ["a BackendTLSPolicy's certificates are read from ConfigMaps alone", "ClusterTrustBundle"],
];

function namesIn(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .filter((name) => name !== "")
    .toSorted();
}

describe.each(["v1.6.3", "v1.7.0"] as const)("of the names of %s", (version) => {
  const names = known[version];
  const claimed = new Set(
    ["standard", "experimental"].flatMap((channel) =>
      supportedFeatures({ versions: [version], channels: [channel] }),
    ),
  );

  test("every one that we claim is among them: nobody knows another", () => {
    expect(names).toEqual(expect.arrayContaining([...claimed]));
  });

  test("every other one is left out for a reason", () => {
    const left = notClaimed.flatMap(([, list]) => namesIn(list));
    expect(names.filter((name) => !claimed.has(name))).toEqual(
      left.filter((name) => names.includes(name)).toSorted(),
    );
    expect(left.filter((name) => claimed.has(name))).toEqual([]);
  });
});
