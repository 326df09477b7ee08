/**
 * gRPC against grpc-go and grpc-js [R09]: either as the client, either as the endpoint, and through Envoy and HAProxy before a
 * waypoint. What grpc-go says of a call is printed by go/grpc, as JSON.
 */
import { freePort } from "@waystone/testkit/free-port";
import { until } from "@waystone/testkit/within";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProcessGroup } from "../../process/process-group.ts";
import { untilListening } from "../../process/until-listening.ts";
import { callGrpcJs, type GrpcJsServer, openGrpcJsServer } from "../harness/grpc-js.ts";
import { type RunningProxy, startEnvoy, startHaproxy } from "../harness/proxies.ts";
import { runPeer } from "../harness/run-peer.ts";
import { type Address, type RunningWaystone, startWaystone } from "../harness/waystone.ts";
import { peerProgram } from "../programs.ts";

const mebibyte = 1024 * 1024;

let goServer: ProcessGroup;
let jsServer: GrpcJsServer;
let waystone: RunningWaystone;
const proxies = new Map<string, RunningProxy>();

beforeAll(async () => {
  const [goPort, closedPort] = [await freePort(), await freePort()];
  goServer = ProcessGroup.start(peerProgram("grpc-peer"), ["serve", `127.0.0.1:${goPort}`], {});
  await untilListening({ host: "127.0.0.1", port: goPort }, goServer);
  jsServer = await openGrpcJsServer();
  const endpoint = (name: string, endpointPort: number) =>
    ({ name, appProtocol: "grpc", endpointPort }) as const;
  const services = [
    endpoint("grpc-go", goPort),
    endpoint("grpc-js", jsServer.port),
    endpoint("nobody", closedPort),
    endpoint("routed", goPort),
    endpoint("slow", goPort),
  ];
  waystone = await startWaystone(services, (portOf) => [
    route("GRPCRoute", "routed", {
      matches: [{ method: { service: "peers.Echo", method: "Fail" } }],
      backendRefs: [{ name: "routed", port: portOf("routed") }],
    }),
    route("HTTPRoute", "slow", {
      timeouts: { request: "300ms" },
      backendRefs: [{ name: "slow", port: portOf("slow") }],
    }),
  ]);
  const to = waystone.at("grpc-go");
  proxies.set("Envoy", await startEnvoy(to, "http/2"));
  proxies.set("HAProxy", await startHaproxy(to, "http/2"));
});

afterAll(async () => {
  for (const proxy of proxies.values()) await proxy.stop();
  await waystone.stop();
  jsServer.close();
  await goServer.stop();
});

/** A route of one rule on the Service of that name. */
function route(kind: "GRPCRoute" | "HTTPRoute", name: string, rule: object): object {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind,
    metadata: { name, namespace: "peers" },
    spec: { parentRefs: [{ group: "", kind: "Service", name }], rules: [rule] },
  };
}

type Seen = Readonly<Record<string, unknown>>;

async function callGo(
  { host, port }: Address,
  name: string,
  ...rest: readonly (string | number)[]
): Promise<Seen> {
  const { stdout, stderr } = await runPeer("grpc-peer", [
    "call",
    `${host}:${port}`,
    name,
    ...rest.map(String),
  ]);
  if (stdout === "") throw new Error(`grpc-peer said nothing: ${stderr}`);
  return JSON.parse(stdout) as Seen;
}

/** What the endpoint counted of calls that did not come to their end. */
async function endedAtGo(): Promise<{ readonly cancelled: number; readonly expired: number }> {
  const { answer } = await callGo(waystone.at("grpc-go"), "method", "Ended", "");
  const [cancelled = 0, expired = 0] = [...String(answer).matchAll(/\d+/g)].map(([digits]) => Number(digits));
  return { cancelled, expired };
}

describe.for(["grpc-go", "grpc-js", "Envoy", "HAProxy"])("grpc-go calls through %s", (name) => {
  // Both proxies stand before the waypoint, whose endpoint is grpc-go then.
  const address = (): Address => proxies.get(name)?.address ?? waystone.at(name);

  test("unary, with metadata in head and trailers, binary too", async () => {
    expect(await callGo(address(), "unary")).toEqual({
      answer: "hello",
      code: "OK",
      head: ["why"],
      trailer: ["why"],
      binary: "[00ff]",
    });
  });

  test("2,000 unary calls, 50 at a time", async () => {
    expect(await callGo(address(), "many-unary", 2000, 50)).toEqual({ calls: 2000, wrong: "" });
  });

  test("streams of the server, of the client, and of both", async () => {
    expect(await callGo(address(), "server-stream", 5000)).toEqual({ messages: 5000, last: "message 4999" });
    expect(await callGo(address(), "client-stream", 1000)).toEqual({
      answer: "1000 messages, 499500 bytes",
      code: "OK",
    });
    expect(await callGo(address(), "chat", 1000, 100)).toEqual({ turns: 1000, code: "OK" });
  });

  test.for([1, 5, 7, 9, 13, 16])("the endpoint's status %i and its words", async (status) => {
    const seen = await callGo(address(), "method", "Fail", `${status} not now, 50 % maybe: ä`);
    expect(seen).toMatchObject({ code: codeNames[status], message: "not now, 50 % maybe: ä" });
  });

  test("a deadline that passes", async () => {
    expect(await callGo(address(), "deadline", 200)).toMatchObject({ code: "DeadlineExceeded" });
  });

  test("a stream that its client cancels", async () => {
    expect(await callGo(address(), "cancel")).toMatchObject({ code: "Canceled" });
  });

  test("a message of 100 MB there and back", async () => {
    expect(await callGo(address(), "large", 100_000_000)).toMatchObject({ bytes: 100_000_000, same: true });
  });
});

const codeNames = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
];

describe("grpc-js calls grpc-go", () => {
  test("unary, with the endpoint's status, and 100 MB", async () => {
    const address = waystone.at("grpc-go");
    expect(await callGrpcJs(address, "Unary", Buffer.from("x"))).toMatchObject({ code: 0, details: "" });
    expect(await callGrpcJs(address, "Fail", Buffer.from("9 not now"))).toMatchObject({
      code: 9,
      details: "not now",
    });
    const large = Buffer.alloc(100_000_000, "0123456789");
    expect((await callGrpcJs(address, "Unary", large)).message.equals(large)).toBe(true);
  });
});

describe("what ends a call at one side ends it at the other", () => {
  test("a deadline and a cancelled stream come to grpc-go's server", async () => {
    const before = await endedAtGo();
    await callGo(waystone.at("grpc-go"), "deadline", 200);
    await callGo(waystone.at("grpc-go"), "cancel");
    await until(async () => {
      const now = await endedAtGo();
      return now.cancelled + now.expired >= before.cancelled + before.expired + 2;
    }, "both calls have ended at the endpoint");
  });

  test("and to grpc-js's", async () => {
    const before = jsServer.ended();
    await callGo(waystone.at("grpc-js"), "deadline", 200);
    await callGo(waystone.at("grpc-js"), "cancel");
    await until(() => jsServer.ended() >= before + 2, "both calls have ended at the endpoint");
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

describe("a long stream", () => {
  test("of 40,000 turns costs no memory, and its messages are counted while it goes on", async () => {
    const address = waystone.at("grpc-go");
    await callGo(address, "chat", 10_000, 1000);
    const counted = async (): Promise<number> =>
      await waystone.metric("istio_response_messages_total", { destination_service_name: "grpc-go" });
    const [rss, before] = [waystone.rssBytes(), await counted()];
    let isOver = false;
    const call = callGo(address, "chat", 40_000, 1000).finally(() => (isOver = true));
    await until(async () => (await counted()) > before + 1000, "a thousand messages are counted", 20_000);
    expect(isOver).toBe(false);
    expect(await call).toEqual({ turns: 40_000, code: "OK" });
    expect(await counted()).toBe(before + 40_000);
    expect((waystone.rssBytes() - rss) / mebibyte).toBeLessThan(64);
  });

  test("and neither does a message of 100 MB", async () => {
    const rss = waystone.rssBytes();
    await callGo(waystone.at("grpc-go"), "large", 100_000_000);
    expect((waystone.rssBytes() - rss) / mebibyte).toBeLessThan(64);
  });

  test("statuses are in the metrics", async () => {
    for (const status of ["0", "1", "4", "9", "12", "14"]) {
      const labels = { grpc_response_status: status, request_protocol: "grpc" };
      expect([status, await waystone.metric("istio_requests_total", labels)]).not.toEqual([status, 0]);
    }
  });
});
