import { expect, test } from "vitest";
import { shareStrings } from "./share-strings.ts";
import { stripTcpRoute, stripTlsRoute } from "./strip-gateway-api.ts";
import { stripApiService, stripWebhooks } from "./strip-service-callers.ts";

const share = shareStrings();

test("TLSRoutes and TCPRoutes keep the version that they are served in, in which their status is written", () => {
  const route = {
    apiVersion: "gateway.networking.k8s.io/v1alpha2",
    metadata: { name: "r", namespace: "shop", managedFields: [] },
    spec: { parentRefs: [{ name: "edge" }], rules: [{ backendRefs: [{ name: "web" }] }] },
    status: { parents: [] },
  };
  for (const kept of [
    stripTlsRoute({ ...route, kind: "TLSRoute" }, share),
    stripTcpRoute({ ...route, kind: "TCPRoute" }, share),
  ]) {
    const { apiVersion, spec, status } = route;
    expect(kept).toEqual({
      apiVersion,
      kind: kept.kind,
      metadata: { name: "r", namespace: "shop" },
      spec,
      status,
    });
  }
});

test("of webhooks the Services that are called are kept, each once", () => {
  const service = { namespace: "policy", name: "checker", path: "/x", port: 443 };
  const clients = [{ service }, { service }, { url: "https://example.com" }];
  const configuration = {
    metadata: { name: "c" },
    webhooks: clients.map((clientConfig) => ({ clientConfig })),
  };
  expect(stripWebhooks("MutatingWebhookConfiguration")(configuration)).toEqual({
    key: "MutatingWebhookConfiguration/c",
    services: ["policy/checker"],
  });
});

test("an API that the server itself serves is nobody's backend", () => {
  const local = { metadata: { name: "v1.apps" }, spec: { service: null } };
  expect(stripApiService(local)).toBeUndefined();
});
