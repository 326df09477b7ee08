/** `waystone explain` on files, from the manifests to the text. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explainPolicyCommand } from "./explain-policy-command.ts";
import { type Explained, explainRequestCommand } from "./explain-request-command.ts";

const base = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {clusterIP: 10.0.0.9, selector: {app: api}, ports: [{name: http, port: 80, appProtocol: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: store}
spec: {clusterIP: 10.0.0.10, selector: {app: db}, ports: [{port: 5432, name: a}, {port: 5433, name: b}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api-1, namespace: shop, labels: {app: api}}
spec: {serviceAccountName: api, containers: [{name: api}]}
status: {phase: Running, podIP: 10.1.0.1, podIPs: [{ip: 10.1.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop}
spec: {serviceAccountName: web, containers: [{name: web}]}
status: {phase: Running, podIP: 10.1.0.2, podIPs: [{ip: 10.1.0.2}]}
`;
const policies = `
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: {name: web-only, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules:
    - from: [{source: {serviceAccounts: [web]}}]
      to: [{operation: {headers: [{name: x-team, values: [shop]}]}}]
---
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: {name: no-admin, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Namespace, name: shop}]
  action: DENY
  rules: [{to: [{operation: {paths: ["/admin", "/admin/*"]}}]}]
`;
const routes = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: api}]
  rules:
    - matches: [{path: {value: /old}}]
      filters: [{type: RequestRedirect, requestRedirect: {statusCode: 301, path: {type: ReplaceFullPath, replaceFullPath: /new}}}]
    - matches: [{path: {value: /}}]
      backendRefs: [{name: api, port: 80, weight: 3}, {name: gone, port: 80, weight: 1}]
`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "waystone-explain-"));
  writeFileSync(path.join(folder, "base.yaml"), base);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
}

async function explain(words: {
  readonly from?: string;
  readonly to?: string;
  readonly path?: string;
  readonly header?: readonly string[];
  readonly output?: "text" | "json";
  readonly jwt?: string;
}): Promise<Explained> {
  return await explainRequestCommand({
    from: "shop/web-1",
    to: "api.shop",
    header: [],
    output: "text",
    ...words,
    filename: [folder],
  });
}

const lines = ({ text }: Explained): readonly string[] =>
  text.replaceAll(`${folder}/`, "").trimEnd().split("\n");

describe("a request", () => {
  test("each step with its object, field and place, the decisive line marked, the verdict last", async () => {
    write("policies.yaml", policies);
    const explained = await explain({ path: "/orders" });
    expect(explained.isAllowed).toBe(false);
    const shown = lines(explained).map((line) => line.replace(/ {2,}/g, "  "));
    expect(shown).toEqual([
      "GET /orders from shop/web-1 to shop/api:80",
      "",
      '  capture  Service shop/api is captured by waypoint shop/waypoint (annotation of Namespace shop)  metadata.annotations["waystone.dev/use-waypoint"]  base.yaml:4:65',
      "  client  pod shop/web-1 as ServiceAccount shop/web, by its address 10.1.0.2 (assurance Network)",
      "  request  GET /orders of api.shop",
      "  route  no route is attached to shop/api:80: every request goes to the Service itself",
      "  authorization  AuthorizationPolicy shop/no-admin DENY: no rule matches  spec  policies.yaml:15:3",
      '  rule 0: paths is "/orders", and must be /admin or /admin/*  spec.rules[0].to[0].operation.paths  policies.yaml:17:37',
      "  AuthorizationPolicy shop/web-only ALLOW: no rule matches  spec  policies.yaml:6:3",
      "  rule 0: headers[x-team] is not known, and must be shop  spec.rules[0].to[0].operation.headers[x-team].values  policies.yaml:9:58",
      ">  shop/api:80: no rule of an ALLOW matches, so that it is denied",
      "",
      "DENIED  403 no rule allows it: AuthorizationPolicy/shop/web-only",
    ]);
    expect((await explain({ header: ["X-Team: shop"] })).isAllowed).toBe(true);
    expect((await explain({ header: ["x-team: shop"], from: "10.9.9.9" })).isAllowed).toBe(false);
  });

  test("a route that redirects, one of whose backends is gone: each share has its ending", async () => {
    write("routes.yaml", routes);
    const redirected = await explain({ path: "/old" });
    expect(lines(redirected).at(-1)).toBe("ANSWERED 301 redirect: http://api.shop/new");
    expect(redirected.isAllowed).toBe(true);
    const split = await explain({ path: "/x" });
    expect(split.isAllowed).toBe(false);
    expect(lines(split).slice(-2)).toEqual([
      "75%  ALLOWED  to shop/api:80",
      "25%  REFUSED  500 no-valid-backend: Service shop/gone does not exist",
    ]);
  });

  describe("who shows something", () => {
    const required = `
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: corp, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  jwt:
    providers:
      - name: corp
        issuer: https://id.test
        audiences: [shop]
        jwks: {inline: '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"one"}]}'}
        claimsToHeaders: [{claim: sub, header: x-user}]
---
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: {name: alice-only, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules:
    - from: [{source: {requestPrincipals: ["https://id.test/alice"]}}]
      to: [{operation: {headers: [{name: x-user, values: [alice]}]}}]
`;
    const tokenOf = (claims: object): string => {
      const parts = [
        { alg: "EdDSA", kid: "one" },
        { iss: "https://id.test", aud: "shop", ...claims },
      ];
      const jwt = path.join(folder, "token");
      const texts = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
      writeFileSync(jwt, `${texts.join(".")}.AAAA\n`);
      return jwt;
    };
    const last = (explained: Explained): readonly string[] => lines(explained).slice(-2);

    test("where no policy asks for it, it proves nothing", async () => {
      const { text } = await explain({ jwt: tokenOf({ sub: "alice" }) });
      expect(text).toContain(
        "no AuthenticationPolicy is about shop/api:80: what the request shows proves nothing",
      );
    });

    test("is known by the claims of the token, and its signature is said to be unchecked", async () => {
      write("policies.yaml", required);
      const explained = await explain({ jwt: tokenOf({ sub: "alice" }) });
      expect(explained.isAllowed).toBe(true);
      expect(explained.text).toContain("a token of corp, of https://id.test/alice: its claims fit");
      expect(last(explained)[1]).toBe(
        "IF       what it shows is right, as AuthenticationPolicy/shop/corp checks: it is not checked here",
      );
    });

    test("is not believed what the policy's own headers say", async () => {
      write("policies.yaml", required);
      const explained = await explain({ jwt: tokenOf({ sub: "mallory" }), header: ["x-user: alice"] });
      expect(explained.isAllowed).toBe(false);
    });

    test("is refused for claims that do not fit, and for showing nothing where something is required", async () => {
      write("policies.yaml", required);
      for (const [claims, why] of [
        [{ sub: "alice", aud: "bank" }, "credential-refused: its token: it is for another audience"],
        [{ sub: "alice", exp: 1 }, "credential-refused: its token: it has expired"],
      ] as const) {
        expect(last(await explain({ jwt: tokenOf(claims) }))).toEqual(["", `REFUSED  401 ${why}`]);
      }
      expect(last(await explain({}))).toEqual([
        "",
        "REFUSED  401 credential-missing: a policy requires a credential",
      ]);
    });
  });

  test("what no waypoint sees nobody judges", async () => {
    const { text, isAllowed } = await explain({ to: "db.store:b" });
    expect(isAllowed).toBe(true);
    expect(text).toContain(
      "store/db:5433 is not captured: no annotation waystone.dev/use-waypoint asks for a waypoint",
    );
  });

  test("as JSON every line has its object, field, file, line and column", async () => {
    write("policies.yaml", policies);
    const { text } = await explain({ path: "/admin/x", output: "json" });
    const { allowed, outcomes, steps } = JSON.parse(text) as {
      allowed: boolean;
      outcomes: object[];
      steps: { decides: boolean }[];
    };
    expect(allowed).toBe(false);
    expect(outcomes).toMatchObject([
      {
        share: 1,
        result: "refused",
        kind: "access-denied",
        status: 403,
        policies: ["AuthorizationPolicy/shop/no-admin"],
      },
    ]);
    expect(steps.filter(({ decides }) => decides)).toMatchObject([
      { object: "AuthorizationPolicy/shop/no-admin", field: "spec.rules[0]", line: 17, column: 11 },
    ]);
  });
});

test.for([
  [{ from: "shop/webb-1" }, "there is no pod or service account shop/webb-1; did you mean shop/web-1?"],
  [{ from: "web" }, "is neither <namespace>/<pod>"],
  [{ to: "apii.shop" }, "there is no Service shop/apii; did you mean api.shop?"],
  [{ to: "api.shop:81" }, "Service shop/api has no port 81: it has 80 (http)"],
  [{ to: "db.store" }, "say which port of Service store/db is meant: it has 5432 (a), 5433 (b)"],
  [{ header: ["nonsense"] }, 'is not "<name>: <value>"'],
] as const)("%j: %s", async ([words, message]) => {
  await expect(explain(words)).rejects.toThrow(message);
});

test("explain policy: every policy that holds for a Service, in the order in which it is asked, and its level", async () => {
  write("policies.yaml", policies);
  const text = await explainPolicyCommand("api.shop", { filename: [folder], output: "text" });
  expect(text.replaceAll(`${folder}/`, "").split("\n")).toEqual([
    "Service shop/api, waypoint shop/waypoint",
    "",
    "port 80 (http): everything is denied, unless an ALLOW matches",
    "  DENY   AuthorizationPolicy shop/no-admin, 1 rule, by Namespace shop  policies.yaml:11:1",
    "  ALLOW  AuthorizationPolicy shop/web-only, 1 rule, by Service shop/api  policies.yaml:2:1",
    "",
  ]);
});
