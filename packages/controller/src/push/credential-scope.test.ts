/** API keys and passwords on the wire: for the waypoints that have the policy, as hashes; and said nowhere, where they cannot be used. */
import { hash } from "node:crypto";
import { typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { Secret } from "@waystone/api/resources";
import { expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { createManifestSources } from "../testing/manifest-sources.ts";
import { translate } from "../translate/translate.ts";
import { buildCatalog } from "./catalog.ts";

const key = "canary-key-of-acme";
const password = "$2y$04$XPcwjYbYwoiYc.VAMuHKCOPRnOdHiyFfe2S4HZl/XPYLmQJ73XnEO";
const canary = /canary|XPcwjYbYwoiY/;

const service = (namespace: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: ${namespace}}
spec: {gatewayClassName: waystone-waypoint, listeners: [{name: mesh, port: 15008, protocol: HTTP}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: ${namespace}, annotations: {waystone.dev/use-waypoint: waypoint}}
spec: {clusterIP: 127.0.0.${namespace.length}, ports: [{name: http, port: 80, appProtocol: http}]}
---
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: who, namespace: ${namespace}}
spec:
  targetRefs: [{group: "", kind: Service, name: web}]
  apiKeys: {secretRefs: [{name: partners}]}
  basic: {secretRef: {name: staff}}`;

const secrets = `
apiVersion: v1
kind: Secret
metadata: {name: partners, namespace: shop}
stringData: {acme: ${key}, spaced: "canary with spaces", half: "sha256:canary"}
---
apiVersion: v1
kind: Secret
metadata: {name: staff, namespace: shop}
stringData: {.htpasswd: "bob:${password}\\nplain:canary\\ncanary"}`;

test("credentials are offered to the waypoint of their policy alone, and nothing else has a word of them", () => {
  const world = createManifestSources([service("shop"), service("billing"), secrets].join("\n---\n"));
  const model = buildModel(world.sources, world.graph, { standalone: true });
  const translated = translate(world.sources, model, world.graph);
  const catalog = buildCatalog(world.graph, model, translated);
  const offered = (scope: string) =>
    wildcardTypeUrls.flatMap((type) =>
      [...catalog.list(type, scope)].map((resource) => ({ type, resource })),
    );

  const own = offered("shop/waypoint").filter(({ type }) => type === typeUrls.secret);
  expect(own.map(({ resource }) => resource.name)).toEqual(["AuthenticationPolicy/shop/who"]);
  const { credentials } = Secret.decode(own[0]!.resource.body);
  expect(
    credentials?.apiKeys?.map(({ owner, sha256 }) => [owner, Buffer.from(sha256 ?? []).toString("hex")]),
  ).toEqual([["acme", hash("sha256", key)]]);
  expect(credentials?.users).toMatchObject([{ name: "bob", passwordHash: password }]);
  expect(Buffer.from(own[0]!.resource.body).toString("latin1")).not.toContain(key);

  const others = [
    ...offered("billing/waypoint"),
    ...offered("shop/waypoint").filter(({ type }) => type !== typeUrls.secret),
  ];
  const sha256 = hash("sha256", key, "buffer");
  for (const { resource } of others) {
    expect(Buffer.from(resource.body).toString("latin1")).not.toMatch(canary);
    expect(Buffer.from(resource.body).includes(sha256)).toBe(false);
  }
  expect(catalog.get(typeUrls.secret, "AuthenticationPolicy/shop/who", "billing/waypoint")).toBeUndefined();

  const said = JSON.stringify(translated.statuses.list());
  expect(said).toContain("entry spaced");
  expect(said).not.toMatch(canary);

  world.remove("Secret", "shop/partners");
  const after = Secret.decode(
    catalog.get(typeUrls.secret, "AuthenticationPolicy/shop/who", "shop/waypoint")!.body,
  );
  expect(after.credentials?.apiKeys ?? []).toEqual([]);
});
