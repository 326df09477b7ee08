/**
 * Metadata of calls, as rules change it (the conformance suite's MeshGRPCRouteRequestHeaderModifier, new in Gateway API 1.7: set, add
 * and remove, by rule), and sessions of calls (GEP-1619: GRPCRouteSessionPersistenceHeader).
 */
import { MatchType } from "@waystone/api/resources";
import { expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { askHttp2, echo, useHttp2Peers } from "../testing/http2-peers.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();
const toWeb = [{ service: "shop/web", port: 80, weight: 1 }];
const call = { ":method": "POST", ":path": "/test.Echo/Unary", "content-type": "application/grpc" };

const modifier = (value: object, test: string): object => ({
  matches: [
    {
      path: { type: MatchType.PREFIX, value: "/" },
      headers: [{ type: MatchType.EXACT, name: "x-test-case", value: test }],
    },
  ],
  filters: [{ requestHeaderModifier: value }],
  backends: toWeb,
});

test("a rule sets, adds and removes metadata of the calls that it matches, whatever the case of the names", async () => {
  const endpoint = await peers.endpoint(echo);
  const plane = await rig.openPlane({
    protocol: "grpc",
    endpoints: [endpoint.key],
    rules: [
      modifier({ set: [{ name: "X-Set", value: "new" }] }, "set"),
      modifier({ add: [{ name: "X-Add", value: "second" }] }, "add"),
      modifier({ remove: ["X-Remove"] }, "remove"),
    ],
  });
  const client = peers.client(plane.port);
  const sent = { "x-set": "old", "x-add": "first", "x-remove": "gone", "x-kept": "kept" };
  const seenIn = async (test: string): Promise<unknown[]> => {
    await askHttp2(client, { ...call, ...sent, "x-test-case": test });
    const head = endpoint.heads.at(-1)!;
    return ["x-set", "x-add", "x-remove", "x-kept"].map((name) => head[name]);
  };
  expect(await seenIn("set")).toEqual(["new", "first", "gone", "kept"]);
  expect(await seenIn("add")).toEqual(["old", "first, second", "gone", "kept"]);
  expect(await seenIn("remove")).toEqual(["old", "first", undefined, "kept"]);
});

test("calls that bring back the header of the first answer go to one endpoint, each call on the same connection", async () => {
  const one = await peers.endpoint(echo);
  const other = await peers.endpoint(echo, { host: "127.0.0.2", port: one.port });
  const session = { type: 1, sessionName: "X-Session" };
  const plane = await rig.openPlane({
    protocol: "grpc",
    endpoints: [`127.0.0.1:${one.port}`, `127.0.0.2:${one.port}`],
    rules: [{ backends: toWeb, sessionPersistence: session }],
  });
  const client = peers.client(plane.port);
  const first = await askHttp2(client, call);
  const token = String(first.headers["x-session"]);
  expect(token).toMatch(/^1[A-Za-z0-9_-]{17}$/);
  const before = [one.heads.length, other.heads.length];
  for (let i = 0; i < 20; i++) {
    expect((await askHttp2(client, { ...call, "x-session": token })).headers["x-session"]).toBeUndefined();
  }
  const of = [one, other].map(({ heads }, at) => heads.length - before[at]!);
  expect(of.toSorted((a, b) => a - b)).toEqual([0, 20]);
});
