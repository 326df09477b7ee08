/**
 * What a live waypoint answers over sockets is what the engine says, and what it explains: random policies, random requests, two
 * known clients and a stranger. WAYSTONE_AGREEMENT_RUNS=20000 is the long form.
 */
import { typeUrls } from "@waystone/api/names";
import { Policy } from "@waystone/api/resources";
import { explainProgram } from "@waystone/engine/authorization/explain-program";
import { policyFromResource } from "@waystone/engine/authorization/policy-from-resource";
import { PolicyIndex } from "@waystone/engine/authorization/policy-index";
import {
  type Fields,
  makeRequest,
  policyMessage,
  type PolicyText,
  type RequestText,
  type RuleText,
} from "@waystone/engine/authorization/testing/policy-rig";
import type { RawClient } from "@waystone/testkit/raw-http-client";
import { encodeResource } from "@waystone/xds/version";
import type { EncodedResource } from "@waystone/xds/resource";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { type ExchangeRig, useExchangeRig, type RigPlane } from "../testing/exchange-rig.ts";
import { ask, frontend, openKnownClient, type Person, stranger } from "../testing/policy-clients.ts";

const rig = useExchangeRig();
const runs = Number(process.env["WAYSTONE_AGREEMENT_RUNS"] ?? 400);
const perSet = 10;

const field = (name: string, ...values: string[]): fc.Arbitrary<[string, string[]]> =>
  fc
    .tuple(fc.boolean(), fc.subarray(values, { minLength: 1 }))
    .map(([not, list]) => [not ? `not${name.charAt(0).toUpperCase()}${name.slice(1)}` : name, list]);
const fields = (...each: fc.Arbitrary<[string, string[]]>[]): fc.Arbitrary<Fields> =>
  fc.array(fc.oneof(...each), { minLength: 1, maxLength: 3 }).map((list) => Object.fromEntries(list));
const source = fields(
  field("namespaces", "shop", "oth*", "*"),
  field("serviceAccounts", "shop/frontend", "other/default"),
  field("ipBlocks", "127.7.0.1", "127.7.0.0/16", "10.0.0.0/8"),
);
const operation = fields(
  field("methods", "GET", "P*"),
  field("paths", "/a", "/a/*", "*/b", "/{*}/c", "/x/{**}"),
  field("hosts", "h", "other"),
  field("ports", "80", "81"),
  field("headers[x-team]", "red", "b*"),
  fc
    .constantFrom(
      'source.namespace == "shop"',
      'source.serviceAccount != "frontend"',
      'request.headers["x-team"] == "red"',
      'request.path.matches("^/a(/b)?$") && request.method == "GET"',
      'destination.service == "web" && source.address.startsWith("127.7.")',
    )
    .map((expression): [string, string[]] => ["cel[0]", [expression]]),
);
const some = (of: fc.Arbitrary<Fields>) =>
  fc.option(fc.array(of, { minLength: 1, maxLength: 2 }), { nil: undefined });
const rule: fc.Arbitrary<RuleText> = fc
  .tuple(some(source), some(operation))
  .map(([from, to]) => ({ ...(from && { from }), ...(to && { to }) }));
const target = fc.constantFrom<NonNullable<PolicyText["target"]>>(
  { kind: "Service", name: "shop/web" },
  { kind: "Service", name: "shop/web", section: "main" },
  { kind: "Service", name: "shop/web", section: "lost" },
  { kind: "Namespace", name: "shop" },
  { kind: "Gateway", name: "shop/waypoint" },
);
const policies = fc
  .array(
    fc.record({
      action: fc.constantFrom("ALLOW" as const, "DENY" as const, "AUDIT" as const),
      mode: fc.constantFrom("Enforce" as const, "Enforce" as const, "Shadow" as const),
      target,
      rules: fc.array(rule, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.map((each, at): PolicyText => ({ ...each, name: `p${at}` })));
const question = fc.record({
  person: fc.constantFrom(frontend, stranger),
  method: fc.constantFrom("GET", "PUT"),
  path: fc.constantFrom("/a", "/a/b", "/%61/b", "/y/c", "/x/../a", "/x/y/z", "/"),
  teams: fc.subarray(["red", "blue"]),
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

function encode(text: PolicyText): EncodedResource {
  const message = policyMessage(text);
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, new Uint8Array(Policy.encode(message).finish()));
}

const place = {
  namespace: "shop",
  service: "shop/web",
  port: 80,
  portName: "main",
  portNames: ["main"],
  gateway: "shop/waypoint",
  hasRequests: true,
} as const;

const normalised: Readonly<Record<string, string>> = { "/%61/b": "/a/b", "/x/../a": "/a" };

function expected(texts: readonly PolicyText[], { person, method, path, teams }: Question): number {
  const program = new PolicyIndex(texts.map((text) => policyFromResource(policyMessage(text)))).programOf(
    place,
  );
  if (program === undefined) return 200;
  const text: RequestText = {
    method,
    host: "h",
    path: normalised[path] ?? path,
    headers: { "x-team": teams },
    namespace: person.namespace,
    serviceAccount: person.serviceAccount,
    peer: person.address,
  };
  return explainProgram(program, makeRequest(text)).decision.verdict === "deny" ? 403 : 200;
}

async function open(of: ExchangeRig): Promise<{ plane: RigPlane; clients: Map<Person, RawClient> }> {
  const upstream = await of.openUpstream();
  const plane = await of.openPlane({ upstreams: [upstream], settings: { accessLog: true } });
  const clients = new Map<Person, RawClient>();
  for (const person of [frontend, stranger]) clients.set(person, await openKnownClient(of, plane, person));
  return { plane, clients };
}

test("a waypoint decides as the engine does and explains, for every policy and request", async () => {
  const { plane, clients } = await open(rig);
  let inForce: EncodedResource[] = [];
  const sets = fc.tuple(policies, fc.array(question, { minLength: perSet, maxLength: perSet }));
  const property = fc.asyncProperty(sets, async ([texts, questions]) => {
    const next = texts.map(encode);
    const names = new Set(next.map(({ name }) => name));
    plane.apply(
      next,
      inForce.filter(({ name }) => !names.has(name)),
    );
    inForce = next;
    for (const each of questions) {
      const headers = each.teams.map((team) => `X-Team: ${team}`);
      const status = await ask(clients.get(each.person)!, each.path, { method: each.method, headers });
      expect([each, status]).toEqual([each, expected(texts, each)]);
    }
  });
  await fc.assert(property, { numRuns: Math.ceil(runs / perSet) });
}, 600_000);
