import { expect, test } from "vitest";
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import { shareStrings } from "./share-strings.ts";
import { stripUnservedRoute } from "./strip-gateway-api.ts";
import { stripApiService, stripWebhooks } from "./strip-service-callers.ts";

const share = shareStrings();

test.for([
  ["names a Service", [{ group: "", kind: "Service", name: "cart" }], true],
  ["names a Gateway of others", [{ name: "edge" }], false],
  ["names both", [{ name: "edge" }, { group: "", kind: "Service", name: "cart" }], true],
] as const)(
  "a route of a kind that is not served, and that %s: is it told of? %#",
  ([, parentRefs, isTold]) => {
    const refs: readonly ParentReference[] = parentRefs;
    const metadata = { name: "r", namespace: "shop" };
    const route = { apiVersion: "gateway.networking.k8s.io/v1", kind: "TLSRoute", metadata };
    expect(stripUnservedRoute({ ...route, spec: { parentRefs: refs } }, share) !== undefined).toBe(isTold);
  },
);

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
