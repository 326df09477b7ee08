/**
 * Istio's published semantics of AuthorizationPolicy, row by row (reference A01): the API reference of security.istio.io/v1
 * (authorization_policy.proto), the concepts page "Security: authorization", and what Istio's own suites are named for
 * (TestAuthz_Principal, _Namespace, _DenyPrincipal, _NotHost, _NotMethod, _NotPort, _PathTemplating, _Conditions).
 */
import { describe, expect, test } from "vitest";
import {
  type Fields,
  httpPlace,
  makePolicy,
  makeRequest,
  type PolicyText,
  type RequestText,
  verdictOf,
} from "./testing/policy-rig.ts";

type Row = readonly [
  rule: string,
  policies: readonly PolicyText[],
  request: RequestText,
  verdict: "allow" | "deny",
];

function check(rows: readonly Row[]): void {
  test.for(rows)("%s", ([, policies, request, verdict]) => {
    expect(verdictOf(policies.map(makePolicy), makeRequest(request))).toBe(verdict);
  });
}

const all = [{}];
const fromShop = [{ from: [{ namespaces: ["shop"] }] }];

describe("[A01] the order of evaluation (concepts, implicit enablement and policy precedence)", () => {
  check([
    ["without any policy a request is allowed", [], {}, "allow"],
    [
      "with a DENY alone that does not match it is allowed",
      [{ action: "DENY", rules: fromShop }],
      {},
      "allow",
    ],
    ["a DENY that matches denies", [{ action: "DENY", rules: all }], {}, "deny"],
    ["as soon as there is an ALLOW, what it does not match is denied", [{ rules: fromShop }], {}, "deny"],
    ["an ALLOW that matches allows", [{ rules: fromShop }], { namespace: "shop" }, "allow"],
    [
      "DENY wins over ALLOW, whatever their names",
      [
        { name: "a", rules: all },
        { name: "b", action: "DENY", rules: fromShop },
      ],
      { namespace: "shop" },
      "deny",
    ],
    [
      "of several ALLOWs one is enough",
      [
        { name: "a", rules: [{ to: [{ methods: ["PUT"] }] }] },
        { name: "b", rules: fromShop },
      ],
      { namespace: "shop" },
      "allow",
    ],
    ["an AUDIT neither allows nor denies", [{ action: "AUDIT", rules: all }], {}, "allow"],
    ["an AUDIT is no ALLOW, and no default deny", [{ action: "AUDIT", rules: fromShop }], {}, "allow"],
  ]);
});

describe("[A01] empty things (authorization_policy.proto: allow-nothing, allow-all, deny-all)", () => {
  check([
    ["an ALLOW without rules allows nobody", [{}], {}, "deny"],
    [
      "it takes nothing from what another ALLOW allows",
      [{ name: "a" }, { name: "b", rules: all }],
      {},
      "allow",
    ],
    ["a rule without from and to matches every request", [{ rules: all }], {}, "allow"],
    ["so does it in a DENY", [{ action: "DENY", rules: all }], { namespace: "shop" }, "deny"],
    [
      "from alone: any operation",
      [{ rules: fromShop }],
      { namespace: "shop", method: "DELETE", path: "/x" },
      "allow",
    ],
    ["to alone: anybody", [{ rules: [{ to: [{ methods: ["GET"] }] }] }], {}, "allow"],
  ]);
});

describe("[A01] within a rule", () => {
  const rule = {
    from: [{ namespaces: ["shop"] }, { namespaces: ["ops"] }],
    to: [
      { methods: ["GET"], paths: ["/a*"] },
      { ports: ["80"], methods: ["PUT"] },
    ],
  };
  check([
    ["sources are alternatives", [{ rules: [rule] }], { namespace: "ops", path: "/a" }, "allow"],
    ["operations are alternatives", [{ rules: [rule] }], { namespace: "shop", method: "PUT" }, "allow"],
    [
      "of an operation all fields have to match",
      [{ rules: [rule] }],
      { namespace: "shop", path: "/b" },
      "deny",
    ],
    ["from and to have to match both", [{ rules: [rule] }], { namespace: "other", path: "/a" }, "deny"],
    [
      "rules are alternatives",
      [{ rules: [{ to: [{ methods: ["PUT"] }] }, rule] }],
      { namespace: "ops", path: "/a" },
      "allow",
    ],
  ]);
});

/** One field in an ALLOW: whether it matches. */
type FieldRow = readonly [rule: string, field: Fields, request: RequestText, matches: boolean];

function checkFields(side: "from" | "to", rows: readonly FieldRow[]): void {
  test.for(rows)("%s", ([, field, request, matches]) => {
    const policy = makePolicy({ rules: [{ [side]: [field] }] });
    expect(verdictOf([policy], makeRequest(request))).toBe(matches ? "allow" : "deny");
    const deny = makePolicy({ action: "DENY", rules: [{ [side]: [field] }] });
    expect(verdictOf([deny], makeRequest(request))).toBe(matches ? "deny" : "allow");
  });
}

const web = { namespace: "shop", serviceAccount: "web" };

describe("[A01] sources (Source)", () => {
  checkFields("from", [
    ["a service account of that name in that namespace", { serviceAccounts: ["shop/web"] }, web, true],
    ["not one of the same name elsewhere", { serviceAccounts: ["ops/web"] }, web, false],
    ["not another of the namespace", { serviceAccounts: ["shop/job", "shop/web2"] }, web, false],
    ["nobody is no service account", { serviceAccounts: ["shop/web"] }, {}, false],
    ["its twin holds for another", { notServiceAccounts: ["shop/job"] }, web, true],
    ["and for nobody", { notServiceAccounts: ["shop/job"] }, {}, true],
    ["and not for itself", { notServiceAccounts: ["shop/web"] }, web, false],
    ["a namespace", { namespaces: ["ops", "shop"] }, web, true],
    ["a namespace is not the beginning of another", { namespaces: ["sho"] }, web, false],
    ["a prefix is", { namespaces: ["sh*"] }, web, true],
    ["a suffix", { namespaces: ["*op"] }, web, true],
    ["* is any namespace", { namespaces: ["*"] }, web, true],
    ["and not nobody's: presence", { namespaces: ["*"] }, {}, false],
    ["not *: anonymous", { notNamespaces: ["*"] }, {}, true],
    ["names are case-sensitive", { namespaces: ["Shop"] }, web, false],
    [
      "the principal of a certificate",
      { principals: ["td/ns/shop/sa/web"] },
      { principal: "td/ns/shop/sa/web" },
      true,
    ],
    ["the network's word is no principal", { principals: ["*"] }, web, false],
    ["a prefix of principals", { principals: ["td/ns/shop/*"] }, { principal: "td/ns/shop/sa/web" }, true],
    ["DenyPrincipal: its twin", { notPrincipals: ["td/ns/shop/*"] }, { principal: "td/ns/ops/sa/web" }, true],
    ["an address in a block", { ipBlocks: ["10.1.0.0/16"] }, { peer: "10.1.2.3" }, true],
    ["an address outside", { ipBlocks: ["10.1.0.0/16"] }, { peer: "10.2.0.1" }, false],
    ["a single address", { ipBlocks: ["10.1.2.3"] }, { peer: "10.1.2.3" }, true],
    ["IPv6", { ipBlocks: ["2001:db8::/33"] }, { peer: "2001:db8:7fff::1" }, true],
    ["IPv6 outside", { ipBlocks: ["2001:db8::/33"] }, { peer: "2001:db8:8000::1" }, false],
    ["an IPv4 block written as IPv6", { ipBlocks: ["::ffff:10.1.0.0/112"] }, { peer: "10.1.9.9" }, true],
    ["::/0 is no IPv4 address", { ipBlocks: ["::/0"] }, { peer: "10.1.9.9" }, false],
    ["0.0.0.0/0 is all of them", { ipBlocks: ["0.0.0.0/0"] }, { peer: "203.0.113.9" }, true],
    [
      "the peer counts, not who is behind it",
      { ipBlocks: ["203.0.113.0/24"] },
      { remote: "203.0.113.9" },
      false,
    ],
    [
      "remoteIpBlocks: who is behind it",
      { remoteIpBlocks: ["203.0.113.0/24"] },
      { remote: "203.0.113.9" },
      true,
    ],
    ["notRemoteIpBlocks", { notRemoteIpBlocks: ["203.0.113.0/24"] }, { remote: "203.0.113.9" }, false],
    ["a label", { "podLabels[app]": ["web"] }, { labels: { app: "web" } }, true],
    ["an empty label is a label", { "podLabels[app]": [""] }, { labels: { app: "" } }, true],
    ["no label is not an empty one", { "podLabels[app]": [""] }, {}, false],
    ["the twin of a label", { "notPodLabels[app]": ["web"] }, { labels: { app: "web" } }, false],
  ]);
});

const token = {
  principal: "https://i/alice",
  audiences: ["shop", "api"],
  presenter: "cli",
  claims: { groups: ["dev", "sre"] },
};

describe("[A01] tokens (Source.requestPrincipals; Condition request.auth.*)", () => {
  checkFields("from", [
    ["issuer/subject", { requestPrincipals: ["https://i/alice"] }, { token }, true],
    ["* is any valid token", { requestPrincipals: ["*"] }, { token }, true],
    ["and not none", { requestPrincipals: ["*"] }, {}, false],
    ["notRequestPrincipals [*]: no valid token", { notRequestPrincipals: ["*"] }, {}, true],
    ["one audience is enough", { audiences: ["api"] }, { token }, true],
    ["no audience of another", { audiences: ["ap"] }, { token }, false],
    ["the presenter", { presenters: ["cli"] }, { token }, true],
    ["of a claim that is a list one element is enough", { "claims[groups]": ["sre"] }, { token }, true],
    ["its twin: none of them", { "notClaims[groups]": ["sre"] }, { token }, false],
    ["a claim that is not there", { "notClaims[roles]": ["sre"] }, { token }, true],
  ]);
});

describe("[A01] operations (Operation)", () => {
  checkFields("to", [
    ["a method", { methods: ["GET", "HEAD"] }, {}, true],
    ["methods are case-sensitive (RFC 9110 9.1)", { methods: ["get"] }, {}, false],
    ["NotMethod", { notMethods: ["GET"] }, { method: "PUT" }, true],
    ["the Service's port", { ports: ["80"] }, {}, true],
    ["NotPort", { notPorts: ["80"] }, {}, false],
    ["a host", { hosts: ["API.shop"] }, { host: "api.shop" }, true],
    ["a suffix of hosts", { hosts: ["*.shop"] }, { host: "api.shop" }, true],
    ["a suffix with its dot is not the bare name", { hosts: ["*.shop"] }, { host: "shop" }, false],
    ["an IPv6 host in brackets", { hosts: ["[2001:DB8::1]"] }, { host: "[2001:db8::1]" }, true],
    ["NotHost", { notHosts: ["api.*"] }, { host: "api.shop" }, false],
    ["a path", { paths: ["/a"] }, { path: "/a" }, true],
    ["an exact path is no prefix", { paths: ["/a"] }, { path: "/a/" }, false],
    ["a prefix is one of text, not of elements", { paths: ["/a*"] }, { path: "/ab/c" }, true],
    ["a suffix", { paths: ["*.png"] }, { path: "/a/b.png" }, true],
    ["paths are compared in their normal form", { paths: ["/%7Ea/%2f"] }, { path: "/~a/%2F" }, true],
    ["NotPath", { notPaths: ["/admin*"] }, { path: "/administrator" }, false],
    ["a header", { "headers[X-Team]": ["shop"] }, { headers: { "x-team": ["shop"] } }, true],
    ["a header that is not there", { "headers[x-team]": ["*"] }, {}, false],
    ["notValues of a header that is not there", { "notHeaders[x-team]": ["*"] }, {}, true],
    ["a gRPC method", { grpc: ["shop.v1.Cart/Get"] }, { method: "POST", path: "/shop.v1.Cart/Get" }, true],
    [
      "another method",
      { grpc: ["shop.v1.Cart/Get"] },
      { method: "POST", path: "/shop.v1.Cart/GetAll" },
      false,
    ],
    [
      "every method of a gRPC service",
      { grpc: ["shop.v1.Cart/"] },
      { method: "POST", path: "/shop.v1.Cart/GetAll" },
      true,
    ],
    [
      "a service is not the beginning of another",
      { grpc: ["shop.v1.Cart/"] },
      { path: "/shop.v1.Carts/Get" },
      false,
    ],
    ["notGrpc", { notGrpc: ["shop.v1.Cart/"] }, { path: "/shop.v1.Cart/Get" }, false],
  ]);
});

describe("[A01] path templates (Operation.paths; Envoy's uri_template)", () => {
  checkFields("to", [
    ["{*} is one element: /foo/{*} holds /foo/bar", { paths: ["/foo/{*}"] }, { path: "/foo/bar" }, true],
    ["but not /foo/bar/baz", { paths: ["/foo/{*}"] }, { path: "/foo/bar/baz" }, false],
    ["nor /foo/", { paths: ["/foo/{*}"] }, { path: "/foo/" }, false],
    ["/foo/{**}/ holds /foo/bar/", { paths: ["/foo/{**}/"] }, { path: "/foo/bar/" }, true],
    ["and /foo//", { paths: ["/foo/{**}/"] }, { path: "/foo//" }, true],
    ["but not /foo/bar", { paths: ["/foo/{**}/"] }, { path: "/foo/bar" }, false],
    [
      "/foo/{*}/bar/{**} holds /foo/buzz/bar/",
      { paths: ["/foo/{*}/bar/{**}"] },
      { path: "/foo/buzz/bar/" },
      true,
    ],
    ["and /foo/buzz/bar/baz", { paths: ["/foo/{*}/bar/{**}"] }, { path: "/foo/buzz/bar/baz" }, true],
    ["and deeper", { paths: ["/foo/{*}/bar/{**}"] }, { path: "/foo/buzz/bar/baz/x" }, true],
    ["not another element between", { paths: ["/foo/{*}/bar/{**}"] }, { path: "/foo/a/b/bar/baz" }, false],
    ["/{**} is everything", { paths: ["/{**}"] }, { path: "/" }, true],
    ["the twin of a template", { notPaths: ["/foo/{*}"] }, { path: "/foo/bar" }, false],
  ]);

  test.for([
    ["a * outside of an operator", "/*/baz/{*}"],
    ["two ** outside of one", "/**/baz/{*}"],
    ["an operator after {**}", "/{**}/foo/{*}"],
    ["{**} twice", "/{**}/{**}"],
    ["text beside {*}", "/foo/{*}.txt"],
    ["text before {*}", "/foo/v{*}"],
    ["a name in braces", "/foo/{bar}"],
    ["a dot segment, which no normalised path has", "/a/../{*}"],
    ["a dot segment in a path", "/a/./b"],
    ["an unfinished escape", "/a%2"],
    ["a path with a query", "/a?b"],
    ["a * within", "/a*b"],
  ])("is refused: %s", ([, path]) => {
    expect(() => makePolicy({ rules: [{ to: [{ paths: [path!] }] }] })).toThrow("cannot be used");
  });
});

describe("[A01] a header with several lines never makes a decision milder (CVE-2020-25017)", () => {
  const headers = { "x-role": ["user", "admin"] };
  check([
    [
      "an ALLOW wants every line",
      [{ rules: [{ to: [{ "headers[x-role]": ["user"] }] }] }],
      { headers },
      "deny",
    ],
    [
      "an ALLOW of what it may not be wants no line",
      [{ rules: [{ to: [{ "notHeaders[x-role]": ["admin"] }] }] }],
      { headers },
      "deny",
    ],
    [
      "a DENY finds one",
      [{ action: "DENY", rules: [{ to: [{ "headers[x-role]": ["admin"] }] }] }],
      { headers },
      "deny",
    ],
    [
      "a DENY of what it is not finds one",
      [{ action: "DENY", rules: [{ to: [{ "notHeaders[x-role]": ["user"] }] }] }],
      { headers },
      "deny",
    ],
  ]);
});

describe("[A01] minimumAssurance: how sure it has to be who the client is", () => {
  const rules = all;
  check([
    ["Network: a known pod", [{ minimumAssurance: "Network", rules }], web, "allow"],
    ["Network: nobody", [{ minimumAssurance: "Network", rules }], {}, "deny"],
    ["Token: the network's word is not enough", [{ minimumAssurance: "Token", rules }], web, "deny"],
    ["Token: a token", [{ minimumAssurance: "Token", rules }], { token }, "allow"],
    ["TLS: a token is not enough", [{ minimumAssurance: "TLS", rules }], { ...web, token }, "deny"],
    ["TLS: a certificate", [{ minimumAssurance: "TLS", rules }], { principal: "td/ns/a/sa/b" }, "allow"],
    [
      "another ALLOW may ask for less",
      [
        { name: "a", minimumAssurance: "TLS", rules },
        { name: "b", rules },
      ],
      {},
      "allow",
    ],
  ]);

  test("on a DENY it is refused, as it would deny less", () => {
    expect(() => makePolicy({ action: "DENY", minimumAssurance: "Network", rules })).toThrow("deny less");
  });
});

describe("[A01] TCP ports: what asks for a request fails closed (tasks, authorization for TCP traffic)", () => {
  const tcp = { ...httpPlace, hasRequests: false };
  test.for<readonly [string, PolicyText, RequestText, "allow" | "deny"]>([
    ["an ALLOW by who it is works", { rules: fromShop }, web, "allow"],
    ["an ALLOW by port works", { rules: [{ to: [{ ports: ["80"] }] }] }, {}, "allow"],
    ["an ALLOW with a method matches nothing", { rules: [{ to: [{ methods: ["GET"] }] }] }, {}, "deny"],
    ["not even with a method that it may not be", { rules: [{ to: [{ notMethods: ["GET"] }] }] }, {}, "deny"],
    [
      "its alternatives without still match",
      { rules: [{ to: [{ methods: ["GET"] }, { ports: ["80"] }] }] },
      {},
      "allow",
    ],
    [
      "a DENY with a method goes by the rest",
      { action: "DENY", rules: [{ from: [{ namespaces: ["shop"] }], to: [{ methods: ["GET"] }] }] },
      web,
      "deny",
    ],
    [
      "a DENY with nothing but a method denies all",
      { action: "DENY", rules: [{ to: [{ methods: ["GET"] }] }] },
      {},
      "deny",
    ],
    [
      "and leaves those that the rest is not about",
      { action: "DENY", rules: [{ from: [{ namespaces: ["ops"] }], to: [{ methods: ["GET"] }] }] },
      web,
      "allow",
    ],
    [
      "an ALLOW by token matches nothing",
      { rules: [{ from: [{ requestPrincipals: ["*"] }] }] },
      { token },
      "deny",
    ],
  ])("%s", ([, policy, request, verdict]) => {
    expect(verdictOf([makePolicy(policy)], makeRequest(request), tcp)).toBe(verdict);
  });
});
