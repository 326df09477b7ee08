/**
 * gRPC against grpc-go and grpc-js: either as the client, either as the endpoint, and through Envoy and HAProxy before and
 * behind a waypoint. What grpc-go says of a call is printed by go/grpc, as JSON. grpc-chains.test.ts has what goes wrong on the way.
 */
import { until } from "@waystone/testkit/within";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GrpcBed, grpcWays, openGrpcBed } from "../harness/grpc-bed.ts";
import { codeNames } from "../harness/grpc-codes.ts";
import { callGo } from "../harness/grpc-go.ts";
import { callJs } from "../harness/grpc-js-client.ts";
import type { Address, RunningWaystone } from "../harness/waystone.ts";

let bed: GrpcBed;
let waystone: RunningWaystone;

beforeAll(async () => {
  bed = await openGrpcBed();
  waystone = bed.waystone;
});

afterAll(async () => await bed.close());

/** How many calls of the endpoint's were cancelled or ran out of time. */
async function endedAtGo(): Promise<number> {
  const { answer } = await callGo(waystone.at("grpc-go"), "method", "Ended", "");
  return [...String(answer).matchAll(/\d+/g)].reduce((sum, [digits]) => sum + Number(digits), 0);
}

const clients = { "grpc-go": callGo, "grpc-js": callJs } as const;
/** Before a proxy that stands before the waypoint it is the proxy's matter who calls. */
const pairs = grpcWays.flatMap((way) => {
  const callers = way.before === undefined ? (["grpc-go", "grpc-js"] as const) : (["grpc-go"] as const);
  return callers.map((client) => ({ client, way, name: way.name }));
});

describe.for(pairs)("[R09] $client -> $name", ({ client, way }) => {
  const address = (): Address => bed.at(way);
  const call = clients[client];

  test("unary, with metadata in head and trailers, binary too", async () => {
    expect(await call(address(), "unary")).toEqual({
      answer: "hello",
      code: "OK",
      head: ["why"],
      trailer: ["why"],
      binary: "[00ff]",
    });
  });

  test("1,000 unary calls, 50 at a time", async () => {
    expect(await call(address(), "many-unary", 1000, 50)).toEqual({ calls: 1000, wrong: "" });
  });

  test("streams of the server, of the client, and of both", async () => {
    expect(await call(address(), "server-stream", 2000)).toEqual({ messages: 2000, last: "message 1999" });
    expect(await call(address(), "client-stream", 500)).toEqual({
      answer: "500 messages, 124750 bytes",
      code: "OK",
    });
    expect(await call(address(), "chat", 300, 100)).toEqual({ turns: 300, code: "OK" });
  });

  test.for([1, 5, 7, 9, 13, 16])("the endpoint's status %i and its words", async (status) => {
    const seen = await call(address(), "method", "Fail", `${status} not now, 50 % maybe: ä`);
    expect(seen).toMatchObject({ code: codeNames[status], message: "not now, 50 % maybe: ä" });
  });

  test("a deadline that passes", async () => {
    const { code } = await call(address(), "deadline", 200);
    // grpc-go resets what it has not answered in time. An Envoy that hears of it before the client's own clock rings makes that
    // UNAVAILABLE, and a 502 of HAProxy's would be the same.
    const isRelayed = way.service === "envoy" || way.service === "haproxy";
    expect(isRelayed ? ["DeadlineExceeded", "Unavailable"] : ["DeadlineExceeded"]).toContain(code);
  });

  test("a stream that its client cancels", async () => {
    expect(await call(address(), "cancel")).toMatchObject({ code: "Canceled" });
  });

  test.for([0, 1, 65_536])("a message of %i bytes there and back", async (bytes) => {
    expect(await call(address(), "large", bytes)).toMatchObject({ bytes, same: true, code: "OK" });
  });

  // Which proxies there are is nothing to grpc-js as a client; once is enough.
  const isPlayed = client === "grpc-go" || (way.service === "grpc-go" && way.before === undefined);
  test.runIf(isPlayed)("a message of 100 MB there and back", async () => {
    expect(await call(address(), "large", 100_000_000)).toMatchObject({ bytes: 100_000_000, same: true });
  });
});

describe("what ends a call at one side ends it at the other", () => {
  test.for(grpcWays.filter(({ service }) => service !== "grpc-js"))(
    "a deadline and a cancelled stream come to its endpoint: $name",
    async (way) => {
      const before = await endedAtGo();
      // HAProxy 2.6 keeps the cancelling of an answered stream to itself until the endpoint says something more.
      const isToldOfCancel = way.service !== "haproxy" && way.before !== "haproxy";
      if (isToldOfCancel) {
        await callGo(bed.at(way), "cancel");
        await until(async () => (await endedAtGo()) > before, "the call has ended at the endpoint");
      }
      const cancelled = await endedAtGo();
      await until(async () => {
        // On a machine that is busy its time may be over before it gets there.
        await callGo(bed.at(way), "deadline", 200);
        return (await endedAtGo()) > cancelled;
      }, "one whose deadline passed has");
    },
  );

  test("and to grpc-js's", async () => {
    const before = bed.jsServer.ended();
    await callGo(waystone.at("grpc-js"), "cancel");
    await until(() => bed.jsServer.ended() > before, "the call has ended at the endpoint");
    const cancelled = bed.jsServer.ended();
    await until(async () => {
      await callGo(waystone.at("grpc-js"), "deadline", 200);
      return bed.jsServer.ended() > cancelled;
    }, "one whose deadline passed has");
  });
});

describe("what is ours is said so that grpc-go understands it: trailers alone", () => {
  test.for([
    {
      why: "nobody listens",
      service: "nobody",
      method: "Unary",
      code: "Unavailable",
      message: "upstream connect failure",
    },
    {
      why: "no route matches",
      service: "routed",
      method: "Unary",
      code: "Unimplemented",
      message: "no route matches",
    },
    {
      why: "a matched call is the endpoint's",
      service: "routed",
      method: "Fail",
      code: "NotFound",
      message: "so it says",
    },
    {
      why: "the route's timeout",
      service: "slow",
      method: "Hang",
      code: "DeadlineExceeded",
      message: "upstream request timeout",
    },
  ])("$why: $code", async ({ service, method, code, message }) => {
    const seen = await callGo(waystone.at(service), "method", method, "5 so it says");
    expect(seen).toEqual({ answer: "", code, message });
  });
});

describe("services that come with gRPC", () => {
  test("health checks, watched too", async () => {
    expect(await callGo(waystone.at("grpc-go"), "health")).toEqual({
      check: "SERVING",
      watch: "SERVING",
      code: "OK",
      unknown: "NotFound",
    });
  });

  test("reflection", async () => {
    const { services } = await callGo(waystone.at("grpc-go"), "reflection");
    expect(services).toEqual(expect.arrayContaining(["grpc.health.v1.Health", "peers.Echo"]));
  });
});

test("statuses are in the metrics", async () => {
  for (const status of ["0", "1", "4", "9", "12", "14"]) {
    const labels = { grpc_response_status: status, request_protocol: "grpc" };
    expect([status, await waystone.metric("istio_requests_total", labels)]).not.toEqual([status, 0]);
  }
});
