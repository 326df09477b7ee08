/** `waystone explain` against a cluster: what is read there, by whose rights, and that the shadow's endpoints are those that count. */
import { apiVersionOf, type KubeResource } from "@waystone/kube/kube-resource";
import { openApiWorld } from "@waystone/kube/testing/api-world";
import { shadowName } from "@waystone/controller/model/shadow-name";
import type { JsonObject } from "@waystone/testkit/faulty-api-server/json";
import { usualKinds } from "@waystone/testkit/faulty-api-server/stored-kind";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds } from "../cluster/kinds.ts";
import {
  keySetText,
  makeKey,
  makeToken,
  type SigningKey,
} from "@waystone/engine/authentication/testing/token-rig";
import { Asker } from "./ask.ts";
import { readWorld } from "./cluster-world.ts";
import { readKinds } from "./read-cluster.ts";

let api: Awaited<ReturnType<typeof openApiWorld>>;

beforeEach(async () => {
  api = await openApiWorld();
  put(kinds.namespace, { name: "shop", annotations: { "waystone.dev/use-waypoint": "waypoint" } }, {});
  put(
    kinds.pod,
    { name: "web-1", namespace: "shop" },
    {
      spec: { serviceAccountName: "web" },
      status: { phase: "Running", podIP: "10.1.0.2", podIPs: [{ ip: "10.1.0.2" }] },
    },
  );
});

afterEach(async () => await api.close());

function put(resource: KubeResource, metadata: JsonObject, more: JsonObject): { metadata: { uid: string } } {
  const kind = usualKinds.find(({ plural }) => plural === resource.plural)!;
  const object = { apiVersion: apiVersionOf(resource), kind: resource.kind ?? "", metadata, ...more };
  return api.server.store.put(kind, object) as { metadata: { uid: string } };
}

/** As capture leaves it: the front points at the waypoint, the shadow keeps the endpoints. */
function capture(): void {
  const name = shadowName("shop", "api");
  const ports = [{ name: "http", port: 80, protocol: "TCP", appProtocol: "http" }];
  const front = put(
    kinds.service,
    {
      name: "api",
      namespace: "shop",
      uid: "front-uid",
      annotations: { "waystone.dev/captured-by": "shop/waypoint" },
    },
    {
      spec: { clusterIP: "10.0.0.9", selector: { "waystone.dev/waypoint": "waypoint" }, ports },
      status: {
        conditions: [
          { type: "waystone.dev/Programmed", status: "True", message: "2/2 waypoints at generation 7" },
        ],
      },
    },
  );
  put(
    kinds.service,
    {
      name,
      namespace: "shop",
      labels: { "waystone.dev/shadow-of": "api", "app.kubernetes.io/managed-by": "waystone" },
      annotations: {
        "waystone.dev/waypoint": "shop/waypoint",
        "waystone.dev/waypoint-ports": '{"80":10001}',
      },
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name: "api", uid: front.metadata.uid }],
    },
    { spec: { clusterIP: "None", ports } },
  );
  put(
    kinds.endpointSlice,
    { name: "s1", namespace: "shop", labels: { "kubernetes.io/service-name": name } },
    {
      addressType: "IPv4",
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      endpoints: [{ addresses: ["10.1.0.1"], conditions: { ready: true } }],
    },
  );
  put(
    readKinds.authorizationPolicies,
    { name: "web-only", namespace: "shop" },
    {
      spec: {
        targetRefs: [{ group: "", kind: "Service", name: "api" }],
        rules: [{ from: [{ source: { serviceAccounts: ["web"] } }] }],
      },
    },
  );
}

async function explain(from: string, headers: readonly (readonly [string, string])[] = []) {
  const world = await readWorld(api.transport, { names: ["api.shop"], from });
  const { explanation } = await new Asker(world).ask({ from, to: "api.shop", headers });
  world.close();
  return { gaps: world.gaps, explanation, texts: explanation.steps.map(({ text }) => text) };
}

test("a captured Service: its waypoint and what it runs, the client, the policies, the shadow's endpoints", async () => {
  capture();
  const { explanation, gaps, texts } = await explain("shop/web-1");
  expect(gaps).toEqual([]);
  expect(texts).toEqual([
    "Service shop/api is captured by waypoint shop/waypoint (annotation of Namespace shop)",
    "2/2 waypoints at generation 7",
    "pod shop/web-1 as ServiceAccount shop/web, by its address 10.1.0.2 (assurance Network)",
    "GET / of api.shop",
    "no route is attached to shop/api:80: every request goes to the Service itself",
    "AuthorizationPolicy shop/web-only ALLOW: rule 0 matches",
    "shop/api:80, the Service itself: 1 of 1 endpoint is ready",
  ]);
  expect(explanation.allowed).toBe(true);
  expect((await explain("10.9.9.9")).explanation.allowed).toBe(false);
});

test("one that is not captured yet is reached directly, whatever policies say", async () => {
  put(
    kinds.service,
    { name: "api", namespace: "shop" },
    { spec: { clusterIP: "10.0.0.9", ports: [{ port: 80, protocol: "TCP" }] } },
  );
  const { explanation } = await explain("shop/web-1");
  expect(explanation.outcomes).toMatchObject([{ kind: "direct", backend: "shop/api:80" }]);
});

test("only the namespaces concerned are read, and what may not be read is told", async () => {
  capture();
  api.server.forbids = (_, target) => target.kind.plural === "authorizationpolicies";
  const { gaps } = await explain("shop/web-1");
  expect(gaps).toEqual([
    "you may not read authorizationpolicies in namespace shop: what they say is not in this answer",
  ]);
  expect(api.server.seen.every(({ path }) => path.includes("/namespaces/shop"))).toBe(true);
});

test("keys of tokens are read from their ConfigMap, by its name; where that may not be read, the signature is taken as right", async () => {
  capture();
  const key = makeKey("one", "EdDSA");
  put(
    readKinds.authenticationPolicies,
    { name: "corp", namespace: "shop" },
    {
      spec: {
        targetRefs: [{ group: "", kind: "Service", name: "api" }],
        jwt: {
          providers: [{ name: "corp", issuer: "https://id.test", jwks: { configMapRef: { name: "keys" } } }],
        },
      },
    },
  );
  put(kinds.configMap, { name: "keys", namespace: "shop" }, { data: { "jwks.json": keySetText(key) } });
  const headersOf = (by: SigningKey) =>
    [["authorization", `Bearer ${makeToken(by, { claims: { iss: "https://id.test", sub: "a" } })}`]] as const;
  expect((await explain("shop/web-1", headersOf(key))).explanation).toMatchObject({
    allowed: true,
    assumed: [],
  });
  const forged = headersOf(makeKey("one", "EdDSA"));
  expect((await explain("shop/web-1", forged)).explanation.outcomes).toMatchObject([
    { kind: "credential-refused", detail: "no key of its issuer made its signature" },
  ]);
  api.server.forbids = (_, target) => target.kind.plural === "configmaps";
  const unread = await explain("shop/web-1", forged);
  expect(unread.explanation.assumed).toEqual([
    "AuthenticationPolicy/shop/corp: the signature of its token is right (you may not read ConfigMap shop/keys)",
  ]);
  expect(unread.gaps).toHaveLength(1);
});
