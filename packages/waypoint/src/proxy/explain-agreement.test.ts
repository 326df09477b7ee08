/**
 * What a live waypoint does with a request, asked over sockets, is what `waystone explain` says of it: random routes, policies of
 * every level, policies of the backends' Services, random requests of two known clients. WAYSTONE_AGREEMENT_RUNS=20000 is the long form.
 */
import { typeUrls } from "@waystone/api/names";
import { Policy, type RouteRuleResource } from "@waystone/api/resources";
import { explainAtPort } from "@waystone/engine/explain/explain-at-port";
import type { Outcome } from "@waystone/engine/explain/explanation";
import {
  type Fields,
  policyMessage,
  type PolicyText,
} from "@waystone/engine/authorization/testing/policy-rig";
import * as fc from "@waystone/testkit/fast-check";
import type { RawClient } from "@waystone/testkit/raw-http-client";
import { encodeResource } from "@waystone/xds/version";
import type { EncodedResource } from "@waystone/xds/resource";
import { expect, test } from "vitest";
import { askedWaypoint } from "../explain/asked-waypoint.ts";
import { buildClientView } from "../listener/client-view.ts";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { routeResource, serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import { frontend, openKnownClient, type Person, stranger } from "../testing/policy-clients.ts";

const rig = useExchangeRig();
const runs = Number(process.env["WAYSTONE_AGREEMENT_RUNS"] ?? 300);
const perSet = 10;

const pathMatch = fc.oneof(
  fc.record({ type: fc.constant(0 as const), value: fc.constantFrom("/a", "/a/b") }),
  fc.record({ type: fc.constant(1 as const), value: fc.constantFrom("/", "/a", "/x") }),
  fc.record({ type: fc.constant(2 as const), value: fc.constantFrom("/[ax].*", "/a/b?", "/.*/y/.*") }),
);
const match = fc.record({
  path: pathMatch,
  method: fc.constantFrom("", "", "GET", "PUT"),
  headers: fc.subarray([{ type: 0 as const, name: "x-team", value: "red" }]),
  queryParams: fc.subarray([{ type: 0 as const, name: "q", value: "1" }]),
});
const backend = fc.record({
  service: fc.constantFrom("shop/web", "shop/a", "shop/b", "shop/empty"),
  port: fc.constant(80),
  weight: fc.constantFrom(0, 1, 3),
  invalid: fc.constantFrom("", "", "", "", "there is no such Service"),
});
const redirect = {
  requestRedirect: { scheme: "", hostname: "elsewhere", port: 0, statusCode: 301 },
};
const cors = { cors: { allowOrigins: ["http://red"], allowMethods: ["GET"] } };
const rule: fc.Arbitrary<RouteRuleResource> = fc.record({
  name: fc.constantFrom("", "one", "two"),
  matches: fc.array(match, { minLength: 1, maxLength: 2 }),
  backends: fc.array(backend, { maxLength: 3 }),
  filters: fc.constantFrom([], [], [], [redirect], [cors]),
});
const routes = fc.array(
  fc.record({
    namespace: fc.constantFrom("shop", "other"),
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 3 },
);

const fields: fc.Arbitrary<Fields> = fc
  .array(
    fc.constantFrom<readonly [string, readonly string[]]>(
      ["paths", ["/a*"]],
      ["notPaths", ["/x/*"]],
      ["methods", ["GET"]],
      ["hosts", ["h"]],
      ["headers[x-team]", ["red"]],
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((list) => Object.fromEntries(list));
const policy = fc.record({
  action: fc.constantFrom("ALLOW" as const, "DENY" as const, "AUDIT" as const),
  mode: fc.constantFrom("Enforce" as const, "Enforce" as const, "Shadow" as const),
  target: fc.constantFrom<NonNullable<PolicyText["target"]>>(
    { kind: "Service", name: "shop/web" },
    { kind: "Service", name: "shop/a" },
    { kind: "Service", name: "shop/b", section: "main" },
    { kind: "Namespace", name: "shop" },
    { kind: "HTTPRoute", name: "shop/r0" },
    { kind: "HTTPRoute", name: "shop/r0", section: "one" },
  ),
  rules: fc.array(
    fc.record(
      {
        from: fc.constantFrom([{ namespaces: ["shop"] }], [{ serviceAccounts: ["other/default"] }]),
        to: fields.map((each) => [each]),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  ),
});
const policies = fc
  .array(policy, { maxLength: 3 })
  .map((list) => list.map((each, at): PolicyText => ({ ...each, name: `p${at}` })));

const question = fc.record({
  person: fc.constantFrom(frontend, stranger),
  method: fc.constantFrom("GET", "PUT", "OPTIONS"),
  target: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom("/a", "/a/b", "/%61/b?q=1", "/x/../a?q=2", "/x/y/z", "/") },
    { weight: 1, arbitrary: fc.constantFrom("/a%2Fb", "/a\\b", "*", "http://h/a", "http://i/a") },
  ),
  host: fc.constantFrom(...Array<string>(8).fill("h"), "H.:80", "h..i"),
  headers: fc.subarray([
    ["X-Team", "red"],
    ["X-Team", "blue"],
    ["Origin", "http://red"],
    ["Origin", "http://blue"],
    ["Access-Control-Request-Method", "GET"],
  ] as const),
  point: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

function encodePolicy(text: PolicyText): EncodedResource {
  const message = policyMessage(text);
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, new Uint8Array(Policy.encode(message).finish()));
}

interface Live {
  readonly plane: RigPlane;
  readonly clients: ReadonlyMap<Person, Caller>;
  /** What the plane's chance is. */
  readonly chance: { point: number };
}

/** A client that comes again where it was told to go. */
interface Caller {
  client: RawClient;
  readonly reopen: () => Promise<RawClient>;
}

async function open(): Promise<Live> {
  const chance = { point: 0 };
  const upstreams = new Map<string, number>();
  for (const name of ["web", "a", "b"]) {
    const body = `shop/${name}:80`;
    const answer = () => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const upstream = await rig.openUpstream({ answer });
    upstreams.set(name, upstream.port);
  }
  const plane = await rig.openPlane({
    endpoints: [`127.0.0.1:${upstreams.get("web")}`],
    rng: { next: () => chance.point },
    more: [
      ...["a", "b"].flatMap((name) => [
        serviceResource("shop", name, 80),
        sliceResource("shop", name, [`127.0.0.1:${upstreams.get(name)}`]),
      ]),
      serviceResource("shop", "empty", 80),
    ],
  });
  const clients = new Map<Person, Caller>();
  for (const person of [frontend, stranger]) {
    const reopen = () => rig.openClient(plane, { localAddress: person.address });
    clients.set(person, { client: await openKnownClient(rig, plane, person), reopen });
  }
  return { plane, clients, chance };
}

async function ask({ clients, chance }: Live, asked: Question): Promise<string> {
  const caller = clients.get(asked.person)!;
  chance.point = asked.point;
  const lines = [["Host", asked.host], ...asked.headers]
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  await caller.client.send(`${asked.method} ${asked.target} HTTP/1.1\r\n${lines}\r\n`);
  const response = await caller.client.readResponse(asked.method);
  if (response.headers.some(([name, value]) => name.toLowerCase() === "connection" && value === "close")) {
    caller.client.reset();
    caller.client = await caller.reopen();
  }
  return `${response.status} ${response.status === 200 ? response.body.toString() : ""}`.trim();
}

/** What the explanation says for the share of the requests in which this one is. */
function expected({ plane }: Live, asked: Question): string {
  const headers = new Map<string, string[]>();
  for (const [name, value] of asked.headers) {
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
  }
  const { address } = asked.person;
  const snapshot = plane.store.current();
  const { outcomes } = explainAtPort([...snapshot.listeners.values()][0]!, askedWaypoint(plane.store), {
    client: buildClientView(snapshot.workloads.get(address), address, address),
    method: asked.method,
    target: asked.target,
    authority: asked.host,
    headers,
    serverName: "",
    timeMs: 0,
  });
  const outcome = outcomeAt(outcomes, asked.point);
  return outcome.result === "forwarded" ? `200 ${outcome.backend}` : `${outcome.status}`;
}

function outcomeAt(outcomes: readonly Outcome[], point: number): Outcome {
  let sum = 0;
  const found = outcomes.find(({ share }) => point < (sum += share));
  return found ?? outcomes.at(-1)!;
}

test("what a waypoint does with a request is what its explanation says, whatever routes and policies there are", async () => {
  const live = await open();
  let inForce: readonly EncodedResource[] = [];
  const sets = fc.tuple(routes, policies, fc.array(question, { minLength: perSet, maxLength: perSet }));
  const property = fc.asyncProperty(sets, async ([given, texts, questions]) => {
    const next = [
      ...given.map((each, at) => routeResource(`r${at}`, { ...each, rules: [...each.rules] })),
      ...texts.map(encodePolicy),
    ];
    const names = new Set(next.map(({ name }) => name));
    live.plane.apply(
      next,
      inForce.filter(({ name }) => !names.has(name)),
    );
    inForce = next;
    for (const each of questions) expect([each, await ask(live, each)]).toEqual([each, expected(live, each)]);
  });
  await fc.assert(property, { numRuns: Math.ceil(runs / perSet) });
}, 600_000);
