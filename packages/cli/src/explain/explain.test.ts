/** `waystone explain` on files, from the manifests to the text. */
import { describe, expect, test } from "vitest";
import { explainPolicyCommand } from "./explain-policy-command.ts";
import { useExplainedFiles } from "./testing/explained-files.ts";

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

const files = useExplainedFiles();
const { write, explain, lines } = files;

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

  test("whom a route's ExternalAuth filter has asked would have to agree, where a rule or backend of it is used", async () => {
    const filter = (port: number): string =>
      `filters: [{type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: {name: api, port: ${port}}}}]`;
    write(
      "routes.yaml",
      `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: api}]
  rules:
    - {matches: [{path: {value: /rule}}], ${filter(80)}, backendRefs: [{name: api, port: 80}]}
    - {matches: [{path: {value: /backend}}], backendRefs: [{name: api, port: 80, ${filter(80)}}]}
    - {matches: [{path: {value: /lost}}], ${filter(81)}, backendRefs: [{name: api, port: 80}]}
    - {backendRefs: [{name: api, port: 80}]}
`,
    );
    const if_ = "IF       the provider of HTTPRoute/shop/api agrees: it is not asked here";
    const asked = lines(await explain({ path: "/rule" }));
    expect(asked.join("\n")).toMatch(
      /HTTPRoute shop\/api ExternalAuth: rule 0 matches +spec\.rules\[0\]\.filters\[0\] +routes\.yaml:8:/,
    );
    expect(asked).toContain(if_);
    expect(lines(await explain({ path: "/backend" }))).toContain(if_);
    expect(lines(await explain({ path: "/" }))).not.toContain(if_);
    expect(lines(await explain({ path: "/lost" })).at(-1)).toContain(
      "500 authorizer-error: Service shop/api has no port 81",
    );
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
  const text = await explainPolicyCommand("api.shop", { filename: [files.folder()], output: "text" });
  expect(text.replaceAll(`${files.folder()}/`, "").split("\n")).toEqual([
    "Service shop/api, waypoint shop/waypoint",
    "",
    "port 80 (http): everything is denied, unless an ALLOW matches",
    "  DENY   AuthorizationPolicy shop/no-admin, 1 rule, by Namespace shop  policies.yaml:11:1",
    "  ALLOW  AuthorizationPolicy shop/web-only, 1 rule, by Service shop/api  policies.yaml:2:1",
    "",
  ]);
});

test("explain policy: who says each field of what clients have to show, and who is overridden", async () => {
  const policy = (name: string, target: string, spec: string): string => `
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: ${name}, namespace: shop}
spec:
  targetRefs: [{group: "", ${target}}]
  ${spec}
`;
  const texts = [
    policy("all", "kind: Namespace, name: shop", "basic: {secretRef: {name: staff}}"),
    policy("old", "kind: Namespace, name: shop", "basic: {secretRef: {name: former}}"),
    policy("own", "kind: Service, name: api", "requirement: Optional"),
  ];
  write("policies.yaml", texts.join("---"));
  const asked = { filename: [files.folder()], output: "text" } as const;
  const text = await explainPolicyCommand("api.shop", asked);
  expect(text.replaceAll(`${files.folder()}/`, "").split("\n").slice(2)).toEqual([
    "port 80 (http): everything is allowed, where nothing denies it",
    "  who asks: requirement by AuthenticationPolicy shop/own  policies.yaml:21:16",
    "  who asks: basic by AuthenticationPolicy shop/all  policies.yaml:7:10",
    "  AuthenticationPolicy shop/old is overridden by AuthenticationPolicy/shop/all",
    "",
  ]);
});
