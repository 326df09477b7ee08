/** Programmed waits for Secrets too: who still checks clients by the keys before does not run the policy as it is now. */
import { typeUrls } from "@waystone/api/names";
import type { Collection } from "@waystone/collection/collection";
import { openTestAuthority } from "@waystone/testkit/test-authority";
import type { EncodedResource } from "@waystone/xds/resource";
import { beforeEach, describe, expect, test } from "vitest";
import { buildModel } from "../model/model.ts";
import { gatewayWithCertificate, ownSecret } from "../testing/client-certificates.ts";
import { createManifestSources, type ManifestSources } from "../testing/manifest-sources.ts";
import type { ObjectStatus } from "../translate/object-status.ts";
import { translate } from "../translate/translate.ts";
import { AckTracker } from "./ack-tracker.ts";
import { buildFinalStatuses } from "./final-status.ts";

const keys = (key: string): string => `
apiVersion: v1
kind: Secret
metadata: {name: partners, namespace: shop}
stringData: {acme: ${key}}`;

const world = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: shop}
spec: {gatewayClassName: waystone-waypoint, listeners: [{name: mesh, port: 15008, protocol: HTTP}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: {waystone.dev/use-waypoint: gate}}
spec: {clusterIP: 127.0.0.4, ports: [{name: http, port: 80, appProtocol: http}]}
---
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: who, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: web}]
  apiKeys: {secretRefs: [{name: partners}]}
---${keys("first-key-of-acme")}`;

const policy = "AuthenticationPolicy/shop/who";
const one = { id: "shop/gate/1", scope: "shop/gate" };

let sources: ManifestSources;
let resources: Collection<EncodedResource>;
let statuses: Collection<ObjectStatus>;
let acks: AckTracker;

beforeEach(() => {
  sources = createManifestSources(world);
  const model = buildModel(sources.sources, sources.graph, { standalone: true });
  const translated = translate(sources.sources, model, sources.graph);
  resources = translated.resources;
  acks = new AckTracker(sources.graph);
  statuses = buildFinalStatuses(sources.graph, translated.statuses, { acks, pods: undefined });
  acks.connected(one);
});

function answer(type: "policy" | "secret" | "service", name: string, error?: string): void {
  const version = resources.get(`${typeUrls[type]} ${name}`)?.version;
  if (version === undefined) throw new Error(`there is no ${type} ${name}`);
  acks.acknowledged(one, typeUrls[type], [{ name, version, ...(error !== undefined && { error }) }]);
}

function programmed(key: string): string {
  const { conditions = [] } = statuses.get(key) ?? {};
  const found = conditions.find(({ type }) => type === "Programmed");
  return `${found?.status} ${found?.reason}: ${found?.message}`;
}

describe("an AuthenticationPolicy", () => {
  test("is pending until its credentials are run too, and again when they change", () => {
    answer("policy", policy);
    expect(programmed(policy)).toBe("False Pending: 0/1 waypoints at generation 1");
    answer("secret", policy);
    expect(programmed(policy)).toBe("True Programmed: 1/1 waypoints at generation 1");
    sources.apply(keys("second-key-of-acme"));
    expect(programmed(policy)).toBe("False Pending: 0/1 waypoints at generation 1");
    answer("secret", policy);
    expect(programmed(policy)).toBe("True Programmed: 1/1 waypoints at generation 1");
  });

  test("has the words in which its credentials were refused", () => {
    answer("policy", policy);
    answer("secret", policy, "an API key has no owner");
    const refusal =
      "refused by shop/gate/1: an API key has no owner; the version before, if any, stays in force";
    expect(programmed(policy)).toBe(`False Invalid: ${refusal} (0/1 waypoints at generation 1)`);
    expect(statuses.get(policy)?.findings).toEqual([{ severity: "error", field: "", message: refusal }]);
  });
});

describe("a Gateway that names a client certificate", () => {
  beforeEach(async () => {
    const authority = await openTestAuthority();
    const issued = await authority.issue({ commonName: "shop", usage: "client" });
    sources.applyObjects([ownSecret(issued)]);
    sources.apply(gatewayWithCertificate("shop", "gate"));
    answer("service", "shop/web");
  });

  test("is pending until its waypoints have it", () => {
    expect(programmed("Gateway/shop/gate")).toBe(
      "False Pending: client certificate: 0/1 waypoints at generation 2",
    );
    answer("secret", "shop/gate");
    expect(programmed("Gateway/shop/gate")).toBe("True Programmed: 1/1 Services run by 1 waypoints");
  });

  test("has the words in which it was refused", () => {
    answer("secret", "shop/gate", "it is of a later version");
    expect(programmed("Gateway/shop/gate")).toBe(
      "False Invalid: client certificate: refused by shop/gate/1: it is of a later version; the version before, if any, stays in force (0/1 waypoints at generation 2)",
    );
  });
});
