/**
 * The tables of Istio's own integration tests, by their names: tests/integration/security/authz_test.go (TestAuthz_*) and
 * tests/integration/ambient/baseline_test.go (TestAuthorizationL7), with the policies of testdata/authz. Each policy is written in our
 * words; what a request then gets is theirs. Where we differ, the row says why.
 */
import { describe, expect, test } from "vitest";
import { normalizePath } from "../path/normalize-path.ts";
import { connectionRequest } from "./authorization-request.ts";
import {
  httpPlace,
  makePolicy,
  makeRequest,
  type PolicyText,
  type RequestText,
  verdictOf,
} from "./testing/policy-rig.ts";

type Row = readonly [request: RequestText, isAllowed: boolean];

const a1: RequestText = {
  namespace: "ns1",
  serviceAccount: "a",
  principal: "cluster.local/ns/ns1/sa/a",
  peer: "10.0.1.1",
};
const a2: RequestText = {
  namespace: "ns2",
  serviceAccount: "a",
  principal: "cluster.local/ns/ns2/sa/a",
  peer: "10.0.2.1",
};

function table(name: string, policies: readonly PolicyText[], rows: readonly Row[]): void {
  const compiled = policies.map((policy, at) => makePolicy({ name: `p${at}`, ...policy }));
  test.for(rows)(`${name}: %j %s`, ([request, isAllowed]) => {
    expect(verdictOf(compiled, makeRequest(request))).toBe(isAllowed ? "allow" : "deny");
  });
}

/** As a TCP port of the same Service sees it. */
function onTcp(policies: readonly PolicyText[], request: RequestText): string {
  const { client } = makeRequest(request);
  const place = { ...httpPlace, hasRequests: false };
  return verdictOf(policies.map(makePolicy), connectionRequest(client), place);
}

const who: Readonly<Record<string, PolicyText>> = {
  Principal: {
    rules: [
      {
        from: [{ principals: ["cluster.local/ns/ns1/sa/a"] }],
        to: [{ paths: ["/allow"], methods: ["GET"] }],
      },
    ],
  },
  ServiceAccount: {
    rules: [{ from: [{ serviceAccounts: ["ns1/a"] }], to: [{ paths: ["/allow"], methods: ["GET"] }] }],
  },
  Namespace: { rules: [{ from: [{ namespaces: ["ns1"] }], to: [{ paths: ["/allow"], methods: ["GET"] }] }] },
};

describe("[A01] TestAuthz_Principal, TestAuthz_ServiceAccount, TestAuthz_Namespace", () => {
  for (const [name, policy] of Object.entries(who)) {
    table(
      name,
      [policy],
      [
        [{ ...a1, path: "/allow" }, true],
        [{ ...a1, path: "/allow", query: "param=value" }, true],
        [{ ...a1, path: "/deny" }, false],
        [{ ...a2, path: "/allow" }, false],
        [{ ...a2, path: "/deny" }, false],
        [{ path: "/allow" }, false],
      ],
    );
  }

  test.for(["principals", "serviceAccounts", "namespaces"])("TCP by %s alone", (field) => {
    const value = { principals: a1.principal!, serviceAccounts: "ns1/a", namespaces: "ns1" }[field]!;
    const policies = [{ rules: [{ from: [{ [field]: [value] }], to: [{ ports: ["80"] }] }] }];
    expect([onTcp(policies, a1), onTcp(policies, a2)]).toEqual(["allow", "deny"]);
  });
});

describe("[A01] TestAuthz_TrustDomain: the beginning of the principal says it, there is no field of its own", () => {
  const to = (path: string) => [{ paths: [path], methods: ["GET"] }];
  table(
    "TrustDomain",
    [
      {
        rules: [
          { from: [{ principals: ["cluster.local/*"] }], to: to("/allow") },
          { from: [{ principals: ["bad.example.com/*"] }], to: to("/deny") },
          { from: [{ notPrincipals: ["cluster.local/*"] }], to: to("/not-trust-domain") },
          { from: [{ notPrincipals: ["bad.example.com/*"] }], to: to("/not-deny") },
        ],
      },
    ],
    [
      [{ ...a1, path: "/allow" }, true],
      [{ ...a1, path: "/deny" }, false],
      [{ ...a1, path: "/not-trust-domain" }, false],
      [{ ...a1, path: "/not-deny" }, true],
      [{ principal: "cluster.local.example.com/ns/ns1/sa/a", path: "/allow" }, false],
    ],
  );
});

describe("[A01] TestAuthz_DenyPrincipal, TestAuthz_DenyNamespace, TestAuthz_NotNamespace", () => {
  const global: PolicyText = {
    action: "DENY",
    rules: [{ to: [{ paths: ["/global-deny*"], notPaths: ["/global-deny/allow*"] }] }],
  };
  const denied = { "by principal": { principals: [a2.principal!] }, "by namespace": { namespaces: ["ns2"] } };
  for (const [name, source] of Object.entries(denied)) {
    const deny: PolicyText = {
      action: "DENY",
      rules: [{ from: [source], to: [{ paths: ["/deny*"], notPaths: ["/deny/allow*"] }] }],
    };
    table(
      `Deny ${name}`,
      [global, deny],
      [
        [{ ...a1, path: "/deny" }, true],
        [{ ...a2, path: "/deny" }, false],
        [{ ...a2, path: "/deny", query: "param=value" }, false],
        [{ ...a2, path: "/deny/allow" }, true],
        [{ ...a2, path: "/allow" }, true],
        [{ ...a1, path: "/global-deny" }, false],
        [{ ...a2, path: "/global-deny" }, false],
        [{ ...a1, path: "/global-deny/allow" }, true],
      ],
    );
  }
  table(
    "NotNamespace",
    [{ rules: [{ from: [{ notNamespaces: ["ns2"] }] }] }],
    [
      [a1, true],
      [a2, false],
    ],
  );
});

describe("[A01] TestAuthz_NotHost, TestAuthz_NotMethod, TestAuthz_NotPort", () => {
  table(
    "NotHost",
    [{ rules: [{ to: [{ hosts: ["*.shop.com"], notHosts: ["deny.shop.com"] }] }] }],
    [
      [{ host: "allow.shop.com" }, true],
      [{ host: "deny.shop.com" }, false],
    ],
  );
  table(
    "NotMethod",
    [{ rules: [{ to: [{ notMethods: ["PUT"] }] }] }],
    [
      [{ method: "GET" }, true],
      [{ method: "PUT" }, false],
    ],
  );
  table("NotPort", [{ rules: [{ to: [{ notPorts: ["8080"] }] }] }], [[{}, true]]);
  table("NotPort, of this one", [{ rules: [{ to: [{ notPorts: ["80"] }] }] }], [[{}, false]]);
});

describe("[A01] TestAuthz_PathTemplating", () => {
  const paths = ["/allow/admin/{**}", "/foo/{*}/bar/{**}.txt", "/store/{**}/cart"];
  table(
    "PathTemplating",
    [{ rules: [{ to: [{ paths }] }] }],
    [
      [{ path: "/allow/admin" }, false],
      [{ path: "/allow/user/" }, false],
      [{ path: "/allow/admin", query: "param=value" }, false],
      [{ path: "/allow" }, false],
      [{ path: "/allow/admin/temp" }, true],
      [{ path: "/allow/admin/temp.txt" }, true],
      [{ path: "/allow/admin/foo/temp.txt" }, true],
      [{ path: "/foo/buzz/bar/bat.txt" }, true],
      [{ path: "/foo/buzz/bar/bat/fuzz.txt" }, true],
      [{ path: "/foo/bar/bat.txt" }, false],
      [{ path: "/foo//bar/bat.txt" }, false],
      [{ path: "/foo/buzz/bar/bat" }, false],
      [{ path: "/store//cart" }, true],
      [{ path: "/store/cart" }, false],
    ],
  );
});

describe("[A01] TestAuthz_PathNormalization: judged as it is forwarded", () => {
  const policy = makePolicy({ rules: [{ to: [{ paths: ["/public"] }] }] });
  test.for([
    ["/public", "allow"],
    ["/public/../public", "allow"],
    ["/private", "deny"],
    ["/public/../private", "deny"],
    ["/public/./../private", "deny"],
    ["/public/.././private", "deny"],
    ["/public/%2E%2E/private", "deny"],
    ["/public/%2e%2e/private", "deny"],
    ["/public/%2E/%2E%2E/private", "deny"],
    ["/public/%2e%2e/%2e/private", "deny"],
  ] as const)("%s: %s", ([sent, expected]) => {
    const path = normalizePath(sent);
    if (typeof path !== "string") throw new Error(path.refused);
    expect(verdictOf([policy], makeRequest({ path }))).toBe(expected);
  });
});

describe("[A01] TestAuthz_Conditions: when of Istio, as fields and as expressions; connection.sni and destination.ip are not there", () => {
  const at = (path: string, more: Readonly<Record<string, readonly string[]>>) => ({
    to: [{ paths: [path], ...more }],
  });
  const fields: PolicyText = {
    rules: [
      at("/request-headers", { "headers[x-foo]": ["foo"] }),
      at("/request-headers-notValues", { "notHeaders[x-foo]": ["bar"] }),
      { ...at("/source-ip", {}), from: [{ ipBlocks: ["10.0.1.1"] }] },
      { ...at("/source-ip-notValues", {}), from: [{ notIpBlocks: ["10.0.2.1"] }] },
      { ...at("/source-namespace", {}), from: [{ namespaces: ["ns1"] }] },
      { ...at("/source-namespace-notValues", {}), from: [{ notNamespaces: ["ns2"] }] },
      { ...at("/source-principal", {}), from: [{ principals: [a1.principal!] }] },
      { ...at("/source-principal-notValues", {}), from: [{ notPrincipals: [a2.principal!] }] },
      at("/destination-port-good", { ports: ["80"] }),
      at("/destination-port-bad", { ports: ["1"] }),
      at("/destination-port-notValues", { notPorts: ["80"] }),
    ],
  };
  const when = (path: string, expression: string) => at(path, { "cel[0]": [expression] });
  const expressions: PolicyText = {
    rules: [
      when("/request-headers", 'request.headers["x-foo"] == "foo"'),
      when(
        "/request-headers-notValues",
        '!("x-foo" in request.headers) || request.headers["x-foo"] != "bar"',
      ),
      when("/source-ip", 'source.address == "10.0.1.1"'),
      when("/source-ip-notValues", 'source.address != "10.0.2.1"'),
      when("/source-namespace", 'source.namespace == "ns1"'),
      when("/source-namespace-notValues", 'source.namespace != "ns2"'),
      when("/source-principal", 'source.principal == "cluster.local/ns/ns1/sa/a"'),
      when("/source-principal-notValues", 'source.principal != "cluster.local/ns/ns2/sa/a"'),
      when("/destination-port-good", "destination.port == 80"),
      when("/destination-port-bad", "destination.port == 1"),
      when("/destination-port-notValues", "destination.port != 80"),
    ],
  };
  const ofBoth = (from: RequestText, isAllowed: boolean): Row[] => [
    [{ ...from, path: "/request-headers", headers: { "x-foo": ["foo"] } }, true],
    [{ ...from, path: "/request-headers", headers: { "x-foo": ["bar"] } }, false],
    [{ ...from, path: "/request-headers" }, false],
    [{ ...from, path: "/request-headers-notValues", headers: { "x-foo": ["foo"] } }, true],
    [{ ...from, path: "/request-headers-notValues", headers: { "x-foo": ["bar"] } }, false],
    ...["ip", "namespace", "principal"].flatMap((what): Row[] => [
      [{ ...from, path: `/source-${what}` }, isAllowed],
      [{ ...from, path: `/source-${what}-notValues` }, isAllowed],
    ]),
    [{ ...from, path: "/destination-port-good" }, true],
    [{ ...from, path: "/destination-port-bad" }, false],
    [{ ...from, path: "/destination-port-notValues" }, false],
    [{ ...from, path: "/other" }, false],
  ];
  const rows = [...ofBoth(a1, true), ...ofBoth(a2, false)];
  table("as fields", [fields], rows);
  table("as expressions", [expressions], rows);
});

describe("[A01] TestAuthorizationL7", () => {
  const to = (path: string) => [{ paths: [path], methods: ["GET"] }];
  const policy: PolicyText = {
    rules: [
      { to: to("/allowed") },
      { from: [{ principals: [a1.principal!] }], to: to("/allowed-identity") },
      { from: [{ notPrincipals: [a1.principal!] }], to: to("/denied-identity") },
      { to: [{ ...to("/allowed-header")[0]!, "headers[x-test]": ["good"] }] },
    ],
  };
  table(
    "L7",
    [policy],
    [
      [{ ...a1, path: "/deny" }, false],
      [{ ...a1, path: "/allowed" }, true],
      [{ ...a1, path: "/allowed", method: "POST" }, false],
      [{ ...a1, path: "/denied-identity" }, false],
      [{ ...a1, path: "/allowed-identity" }, true],
      [{ ...a2, path: "/allowed-identity" }, false],
      [{ ...a1, path: "/allowed-header", headers: { "x-test": ["good"] } }, true],
      [{ ...a1, path: "/allowed-header", headers: { "x-test": ["bad"] } }, false],
      [{ ...a1, path: "/allowed-header" }, false],
    ],
  );
  table(
    "beside an ALLOW that nobody matches",
    [policy, {}],
    [
      [{ ...a1, path: "/allowed" }, true],
      [{ ...a1, path: "/deny" }, false],
    ],
  );
  table(
    "beside a DENY of all",
    [policy, { action: "DENY", rules: [{}] }],
    [[{ ...a1, path: "/allowed" }, false]],
  );
});
