/**
 * The reasons of docs/gateway-api-fields.md, one by one: each that is said to be given is given for the case that it stands for, and
 * those that are said to be never given are in no golden file. The list is the specification's.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { showTranslation } from "@waystone/controller/testing/show-translation";
import { expect, test } from "vitest";
import { repository } from "../../examples/harness/waystone-process.ts";

/** apis/v1/shared_types.go of Gateway API v1.7.0. */
const specified: Readonly<Record<string, readonly string[]>> = {
  Accepted: [
    "Accepted",
    "NotAllowedByListeners",
    "NoMatchingListenerHostname",
    "NoMatchingParent",
    "UnsupportedValue",
    "Pending",
    "IncompatibleFilters",
  ],
  ResolvedRefs: ["ResolvedRefs", "RefNotPermitted", "InvalidKind", "BackendNotFound", "UnsupportedProtocol"],
};

const world = `apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {waystone.dev/use-waypoint: waypoint}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 127.0.0.11, ports: [{name: http, port: 80}, {name: grpc, port: 90}, {name: tcp, port: 70}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: waystone-waypoint, listeners: [{name: mesh, port: 15008, protocol: HTTP}]}
---
`;

function route(spec: string, kind = "HTTPRoute", name = "r"): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop}
spec: ${spec}
---
`;
}

const to = (parent: string, rules: string): string => `{parentRefs: [${parent}], rules: [${rules}]}`;
const web = (port = 80): string => `{group: "", kind: Service, name: web, port: ${port}}`;
const backend = "{backendRefs: [{name: web, port: 80}]}";
const broken =
  "{matches: [{path: {type: RegularExpression, value: '('}}], backendRefs: [{name: web, port: 80}]}";
const twoFilters = `{filters: [{type: RequestRedirect, requestRedirect: {port: 1}}, {type: URLRewrite, urlRewrite: {hostname: a.b}}]}`;

/** Of the waypoint's Gateway, and of another that nobody uses. */
const httpRoutesAlone = ["waypoint", "limited"]
  .map(
    (name) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: shop}
spec:
  gatewayClassName: waystone-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HTTP, allowedRoutes: {kinds: [{kind: HTTPRoute}]}}]
---
`,
  )
  .join("");

/** Programmed is given by waypoints' answers: controller/src/status/final-status.test.ts. */
const cases: Readonly<Record<string, readonly string[]>> = {
  "Accepted: Accepted": [route(to(web(), backend))],
  "Accepted: NoMatchingParent": [
    route(to('{group: "", kind: Service, name: gone}', backend)),
    route(to(web(81), backend)),
    route(to('{group: "", kind: Service, name: web, sectionName: gone}', backend)),
    route(to("{name: gone}", backend)),
  ],
  "Accepted: UnsupportedValue": [
    route(to(web(), broken)),
    route(to(web(), "{filters: [{type: ExtensionRef, extensionRef: {group: a.b, kind: X, name: x}}]}")),
    route(to(web(70), backend)),
    route(to("{name: waypoint}", backend)),
  ],
  "Accepted: NotAllowedByListeners": [
    httpRoutesAlone + route(to(web(90), "{backendRefs: [{name: web, port: 90}]}"), "GRPCRoute"),
    httpRoutesAlone + route(to("{name: limited}", "{}"), "GRPCRoute"),
  ],
  "Accepted: IncompatibleFilters": [route(to(web(), twoFilters))],
  "Accepted: Conflicted": [
    route(to(web(90), "{backendRefs: [{name: web, port: 90}]}"), "GRPCRoute", "g") +
      route(to(web(90), backend)),
  ],
  "ResolvedRefs: ResolvedRefs": [route(to(web(), backend)), route(to(web(), "{}"))],
  "ResolvedRefs: BackendNotFound": [
    route(to(web(), "{backendRefs: [{name: gone, port: 80}]}")),
    route(to(web(), "{backendRefs: [{name: web, port: 81}]}")),
  ],
  "ResolvedRefs: InvalidKind": [
    route(
      to(web(), "{backendRefs: [{group: gateway.networking.x-k8s.io, kind: XBackend, name: web, port: 80}]}"),
    ),
  ],
  "ResolvedRefs: UnsupportedProtocol": [
    route(to(web(90), "{backendRefs: [{name: web, port: 80}]}"), "GRPCRoute"),
  ],
  "ResolvedRefs: RefNotPermitted": [
    route(
      to(
        web(),
        "{filters: [{type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: {name: opa, namespace: b, port: 80}}}]}",
      ),
    ),
  ],
  "PartiallyInvalid: UnsupportedValue": [route(to(web(), `${backend}, ${broken}`))],
};

const text = readFileSync(path.join(repository, "docs", "gateway-api-fields.md"), "utf8");
const rows = text
  .slice(text.indexOf("## Reasons"))
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.slice(2, -2).split(" | "))
  .map(([reason = "", says = ""]) => ({ reason: reason.replaceAll("`", ""), says }));

/** "Accepted=False NoMatchingParent (generation 1): ..." as "Accepted: NoMatchingParent". */
function reasonsOf(manifests: string): readonly string[] {
  const { status } = showTranslation(world + manifests) as {
    status: Record<string, { parents?: unknown[] }>;
  };
  const of = Object.entries(status).flatMap(([key, { parents = [] }]) =>
    key.endsWith("/r") ? (parents as { conditions: string[] }[]) : [],
  );
  return of.flatMap(({ conditions }) =>
    conditions.map((line) => line.replace(/^(\w+)=\w+ (\w+) .*$/s, "$1: $2")),
  );
}

test("every reason of the specification is in the table, as given or as never given", () => {
  const wanted = Object.entries(specified).flatMap(([type, reasons]) =>
    reasons.map((reason) => `${type}: ${reason}`),
  );
  expect(wanted.filter((reason) => !rows.some((row) => row.reason === reason))).toEqual([]);
  expect(rows.filter(({ says }) => !/^(given|never): ./.test(says))).toEqual([]);
});

test("what is said to be given is made by a test, and nothing else", () => {
  const given = rows.filter(({ says }) => says.startsWith("given")).map(({ reason }) => reason);
  expect(given.filter((reason) => !reason.startsWith("Programmed: "))).toEqual(Object.keys(cases));
});

test.for(
  Object.entries(cases).flatMap(([reason, all]) => all.map((manifests) => [reason, manifests] as const)),
)("%s is given: %s", ([reason, manifests]) => {
  expect(reasonsOf(manifests)).toContain(reason);
});

test("what is said to be never given is in no golden file", () => {
  const lines = globSync("packages/controller/src/translate/testdata/**/*.yaml", { cwd: repository })
    .map((file) => readFileSync(path.join(repository, file), "utf8"))
    // Gateways and policies have conditions of the same names; those of a route stand deeper, beneath a parent.
    .flatMap((golden) => golden.split("\n").filter((line) => line.startsWith("          - ")))
    .join("\n");
  const never = rows.filter(({ says }) => says.startsWith("never")).map(({ reason }) => reason.split(": "));
  const found = never.filter(([type, reason]) => new RegExp(`${type}=\\w+ ${reason} `).test(lines));
  expect(found).toEqual([]);
});
