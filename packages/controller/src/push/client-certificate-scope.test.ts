/** Who gets the certificate and key of a waypoint's Gateway: that waypoint, and nobody else. */
import type { Secret } from "@waystone/api/kubernetes/core";
import { typeUrls } from "@waystone/api/names";
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { createManifestSources } from "../testing/manifest-sources.ts";
import { translate } from "../translate/translate.ts";
import { buildCatalog } from "./catalog.ts";

const gateway = (namespace: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: ${namespace}}
spec:
  gatewayClassName: waystone-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HTTP}]
  tls: {backend: {clientCertificateRef: {name: own}}}`;

test("a client certificate is offered to the waypoint of its Gateway alone, by that waypoint's name", async () => {
  const world = createManifestSources([gateway("shop"), gateway("billing")].join("\n---\n"));
  const model = buildModel(world.sources, world.graph, { standalone: true });
  const catalog = buildCatalog(world.graph, model, translate(world.sources, model, world.graph));
  const authority = await openTestAuthority();
  const { cert, key } = await authority.issue({ commonName: "shop", usage: "client" });
  const secret: Secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "own", namespace: "shop" },
    stringData: { "tls.crt": cert, "tls.key": key },
  };
  world.applyObjects([secret]);
  const offered = (scope: string): readonly string[] =>
    [...catalog.list(typeUrls.secret, scope)].map(({ name }) => name);
  expect(offered("shop/waypoint")).toEqual(["shop/waypoint"]);
  expect(offered("shop/other")).toEqual([]);
  expect(offered("billing/waypoint")).toEqual([]);
  expect(catalog.get(typeUrls.secret, "shop/waypoint", "billing/waypoint")).toBeUndefined();
  world.remove("Secret", "shop/own");
  expect(offered("shop/waypoint")).toEqual([]);
});
