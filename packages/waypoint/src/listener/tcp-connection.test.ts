/**
 * Which backend a TLS or TCP connection gets: by server name and route, by weight, by who the client is; and what becomes of
 * it when that changes (reference U07, design/0004).
 */
import { ManualClock } from "@waystone/testkit/manual-clock";
import type { RecordingUpstream } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { buildClientHello, type HelloParts, recordsOf } from "../testing/build-client-hello.ts";
import {
  gaugeOf,
  type RigPlane,
  type RigPlaneOptions,
  samplesOf,
  useExchangeRig,
} from "../testing/exchange-rig.ts";
import {
  connectionRouteResource,
  serviceResource,
  sliceResource,
  workloadResource,
} from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

const to = (service: string, weight = 1, invalid = "") => ({ service, port: 80, weight, invalid });
const hello = (serverName?: string, parts: HelloParts = {}): Buffer =>
  recordsOf(buildClientHello({ ...(serverName === undefined ? {} : { serverName }), ...parts }));
const tls = (name: string, hostnames: string[], ...backends: ReturnType<typeof to>[]) =>
  connectionRouteResource("TLSRoute", name, { hostnames, backends });
const tcp = (name: string, ...backends: ReturnType<typeof to>[]) =>
  connectionRouteResource("TCPRoute", name, { backends });
const unrecognizedName = Buffer.from("15030300020270", "hex");

interface World {
  readonly plane: RigPlane;
  readonly blue: RecordingUpstream;
  readonly green: RecordingUpstream;
}

/** The Service's own endpoint is green's: a port without routes leads there. */
async function openWorld(
  routes: RigPlaneOptions["more"] = [],
  options: RigPlaneOptions = {},
): Promise<World> {
  const [blue, green] = [
    await rig.openUpstream({ readsHttp: false }),
    await rig.openUpstream({ readsHttp: false }),
  ];
  const service = (name: string, { port }: RecordingUpstream) => [
    serviceResource("shop", name, 80, { protocol: "tcp" }),
    sliceResource("shop", name, [`127.0.0.1:${port}`]),
  ];
  const plane = await rig.openPlane({
    protocol: "tls",
    upstreams: [green],
    more: [...service("blue", blue), ...service("green", green), ...routes],
    ...options,
  });
  return { plane, blue, green };
}

/** The reset may come before this client has noticed that it is connected. */
async function expectReset({ plane }: Pick<World, "plane">, said: Uint8Array, line: object): Promise<void> {
  const state = rig.openClient(plane).then(
    async (client) => {
      await client.send(Buffer.from(said));
      return (await client.readUntilEnd()).state;
    },
    (error: Error) => error.message,
  );
  expect(await state).toMatch(/reset/i);
  expect(await plane.lines(1)).toMatchObject([{ upstream_host: null, ...line }]);
}

/** Somebody asks who they are. */
const asked = (plane: RigPlane, ...addresses: string[]): Promise<void> =>
  until(
    () => addresses.every((one) => plane.emitted.some((m) => m.type === "subscribe" && m.address === one)),
    "the client is asked about",
  );

describe("[U07] a port with TLSRoutes", () => {
  const routes = [
    tls("exact", ["web.shop.example"], to("shop/blue")),
    tls("wild", ["*.shop.example"], to("shop/green")),
  ];

  test.for([
    ["web.shop.example", "blue", "shop/exact/0"],
    ["WEB.Shop.example.", "blue", "shop/exact/0"],
    ["api.shop.example", "green", "shop/wild/0"],
  ] as const)("passes %s on to %s, every byte as it came, and its line says so", async ([name, to, rule]) => {
    const world = await openWorld(routes);
    const client = await rig.openClient(world.plane);
    const said = Buffer.concat([hello(name), Buffer.from("early data")]);
    await client.send(said);
    const server = await world[to].connection();
    expect(await server.untilBytes(said.length)).toEqual(said);
    server.write("server hello");
    expect((await client.readBytes(12)).toString()).toBe("server hello");
    await client.send("more");
    await server.untilBytes(said.length + 4);
    client.halfClose();
    await server.untilEnd();
    server.halfClose();
    await client.readUntilEnd();
    expect(await world.plane.lines(1)).toMatchObject([
      {
        protocol: "TCP",
        requested_server_name: name.toLowerCase().replace(/\.$/, ""),
        route_name: rule,
        upstream_cluster: `shop/${to}:80`,
        bytes_received: said.length + 4,
        bytes_sent: 12,
      },
    ]);
    const opened = samplesOf(world.plane, "istio_tcp_connections_opened_total");
    expect(opened.map(({ labels }) => labels["destination_service_name"])).toEqual([to]);
  });

  test("waits for a hello in pieces, without asking an endpoint before it is whole", async () => {
    const { plane, blue } = await openWorld(routes);
    const client = await rig.openClient(plane);
    const said = recordsOf(buildClientHello({ serverName: "web.shop.example" }), 7);
    await client.send(said.subarray(0, -1), "byte-by-byte");
    expect(blue.connections.length).toBe(0);
    await client.send(said.subarray(-1));
    expect(await (await blue.connection()).untilBytes(said.length)).toEqual(said);
  });

  test("tells a client whose name nobody takes so, and closes", async () => {
    const { plane, blue, green } = await openWorld(routes);
    for (const [at, name] of ["other.example", "shop.example", undefined].entries()) {
      const client = await rig.openClient(plane);
      await client.send(hello(name));
      expect((await client.readUntilEnd()).bytes).toEqual(unrecognizedName);
      const lines = await plane.lines(at + 1);
      expect(lines[at]).toMatchObject({
        response_flags: "NR",
        response_code_details: "no-route",
        requested_server_name: name ?? null,
        route_name: null,
        upstream_cluster: null,
      });
    }
    expect([blue.connections.length, green.connections.length]).toEqual([0, 0]);
  });

  test.for([
    ["plain HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: web.shop.example\r\n\r\n")],
    ["an SSLv2 hello", Buffer.from("802e0100020015000000100100800200800300800700c0", "hex")],
    ["a name with NUL", hello("web\0.shop.example")],
    ["a name of 255 characters", hello(`${"a".repeat(243)}.shop.example`)],
    ["a hello of more than 16 KiB", hello("web.shop.example", { total: 20_000 })],
    ["an alert", unrecognizedName],
  ] as const)("resets a connection that begins with %s", async ([, said]) => {
    const world = await openWorld(routes);
    await expectReset(world, said, { response_flags: "DPE", response_code_details: "bad-hello" });
  });

  test("resets one that does not say its hello within its time, or ends before", async () => {
    const clock = new ManualClock();
    const { plane } = await openWorld(routes, { clock, settings: { timeouts: { helloMs: 5000 } } });
    const [slow, mute, gone] = [
      await rig.openClient(plane),
      await rig.openClient(plane),
      await rig.openClient(plane),
    ];
    await slow.send(hello("web.shop.example").subarray(0, 20));
    gone.halfClose();
    await gone.readUntilEnd();
    clock.advance(4000);
    await slow.send(hello("web.shop.example").subarray(20, 30));
    expect([slow.peerState, mute.peerState]).toEqual(["open", "open"]);
    clock.advance(1100);
    expect((await slow.readUntilEnd()).state).toBe("reset");
    expect((await mute.readUntilEnd()).state).toBe("reset");
    clock.advance(100);
    const lines = await plane.lines(3);
    expect(lines.map((line) => line["response_code_details"])).toEqual([
      "downstream-closed",
      "request-timeout",
      "request-timeout",
    ]);
  });

  test("holds bytes of hellos that are not whole within a bound for all of them together", async () => {
    const limits = { unfinishedHeadBytes: 20_000 };
    const { plane } = await openWorld(routes, { settings: { limits } });
    const long = hello("web.shop.example", { total: 16_000 });
    const first = await rig.openClient(plane);
    await first.send(long.subarray(0, 15_000));
    const second = await rig.openClient(plane);
    await second.send(long.subarray(0, 15_000));
    await plane.lines(1);
    expect(plane.log()).toMatchObject([{ response_code_details: "overloaded" }]);
    await until(() => gaugeOf(plane, "waystone_downstream_connections") === 1, "one of them is left");
  });

  test("serves a client that names nothing where a route without hostnames is", async () => {
    const { plane, green } = await openWorld([...routes, tls("any", [], to("shop/green"))]);
    const client = await rig.openClient(plane);
    await client.send(hello());
    await (await green.connection()).untilBytes(hello().length);
  });
});

describe("[U07] a port without TLSRoutes is not looked into:", () => {
  test("a server may speak first, with a TCPRoute and without", async () => {
    for (const routes of [[], [tcp("all", to("shop/green"))]]) {
      const { plane, green } = await openWorld(routes);
      const client = await rig.openClient(plane);
      (await green.connection()).write("220 ready");
      expect((await client.readBytes(9)).toString()).toBe("220 ready");
    }
  });
});

describe("the backend of a connection", () => {
  test("is chosen by weight, once for each", async () => {
    const { plane, blue, green } = await openWorld([tcp("split", to("shop/blue", 9), to("shop/green", 1))]);
    for (let i = 0; i < 60; i++) {
      const client = await rig.openClient(plane);
      await client.send("x");
      await until(() => blue.connections.length + green.connections.length === i + 1, "one of them has it");
      client.reset();
    }
    // 60 of a chance of 0.9: fewer than 36 happen once in 10^10 runs.
    expect(blue.connections.length).toBeGreaterThan(35);
  });

  test("is never one of weight 0", async () => {
    const { plane, blue, green } = await openWorld([tcp("split", to("shop/blue", 0), to("shop/green", 1))]);
    for (let i = 0; i < 20; i++) {
      await (await rig.openClient(plane)).send("x");
      await until(() => green.connections.length === i + 1, "the other has it");
    }
    expect(blue.connections.length).toBe(0);
  });

  test.for([
    ["all have weight 0", [to("shop/blue", 0)], "no backend has a weight"],
    [
      "it cannot be used",
      [to("shop/none", 1, "Service shop/none does not exist")],
      "Service shop/none does not exist",
    ],
    ["there is none", [], "no backend has a weight"],
  ] as const)("is a reset where %s", async ([, backends, why]) => {
    const world = await openWorld([tcp("bad", ...backends)]);
    const line = { response_flags: "NC", upstream_transport_failure_reason: why, route_name: "shop/bad/0" };
    await expectReset(world, Buffer.from("x"), line);
  });
});

describe("a consumer's TCPRoute (GEP-1294)", () => {
  const consumer = connectionRouteResource("TCPRoute", "mine", {
    namespace: "batch",
    backends: [to("shop/blue")],
  });
  const workload = (address: string, namespace: string) =>
    workloadResource({ address, workload: { namespace, workload: "w" } });

  test("decides for clients of its namespace alone, who are waited for", async () => {
    const { plane, blue, green } = await openWorld([tcp("all", to("shop/green")), consumer]);
    const mine = await rig.openClient(plane, { localAddress: "127.4.0.1" });
    const other = await rig.openClient(plane, { localAddress: "127.4.0.2" });
    await Promise.all([mine.send("mine"), other.send("other")]);
    await asked(plane, "127.4.0.1", "127.4.0.2");
    plane.apply([workload("127.4.0.1", "batch"), workload("127.4.0.2", "shop")]);
    expect((await (await blue.connection()).untilBytes(4)).toString()).toBe("mine");
    expect((await (await green.connection()).untilBytes(5)).toString()).toBe("other");
  });

  test("is there before a TLSRoute of the producer's, and needs no hello", async () => {
    const { plane, blue } = await openWorld([tls("web", ["web.shop"], to("shop/green")), consumer]);
    const client = await rig.openClient(plane, { localAddress: "127.4.0.1" });
    await client.send("no hello");
    await asked(plane, "127.4.0.1");
    plane.apply([workload("127.4.0.1", "batch")]);
    await (await blue.connection()).untilBytes(8);
  });
});

describe("[U07] an open connection", () => {
  const before = tls("web", ["web.shop"], to("shop/blue"));
  const gone = "no route leads to shop/blue:80 any more";

  test.for([
    ["its route is gone", (plane: RigPlane) => plane.apply([], [before]), gone],
    [
      "its name is not taken any more",
      (plane: RigPlane) => plane.apply([tls("web", ["api.shop"], to("shop/blue"))]),
      "no route takes the server name any more",
    ],
    [
      "its route leads elsewhere",
      (plane: RigPlane) => plane.apply([tls("web", ["web.shop"], to("shop/green"))]),
      gone,
    ],
    [
      "a route that goes before leads elsewhere",
      (plane: RigPlane) => plane.apply([tls("a", ["web.shop"], to("shop/green"))]),
      gone,
    ],
  ] as const)("is reset on both sides when %s", async ([, change, why]) => {
    const { plane, blue } = await openWorld([before]);
    const client = await rig.openClient(plane);
    await client.send(hello("web.shop"));
    const server = await blue.connection();
    await server.untilBytes(10);
    change(plane);
    expect((await client.readUntilEnd()).state).toBe("reset");
    expect(await server.untilEnd()).toBe("reset");
    expect(await plane.lines(1)).toMatchObject([
      { response_flags: "NR", upstream_transport_failure_reason: why },
    ]);
  });

  test.for([
    ["its backend has another weight", tls("web", ["web.shop"], to("shop/blue", 0), to("shop/green", 7))],
    ["its name is taken by a wildcard that leads there too", tls("a", ["*.shop"], to("shop/blue"))],
    ["other names are added", tls("web", ["web.shop", "api.shop"], to("shop/blue"))],
  ] as const)("stays when %s", async ([, change]) => {
    const { plane, blue } = await openWorld([before]);
    const client = await rig.openClient(plane);
    await client.send(hello("web.shop"));
    const server = await blue.connection();
    const { length } = hello("web.shop");
    await server.untilBytes(length);
    plane.apply([change]);
    await client.send("still");
    await server.untilBytes(length + 5);
  });

  test("that nobody looked into stays where a TLSRoute comes that leads to its backend, and only there", async () => {
    const { plane, green } = await openWorld();
    const client = await rig.openClient(plane);
    await client.send("a");
    const server = await green.connection();
    await server.untilBytes(1);
    plane.apply([tls("web", ["web.shop"], to("shop/web"))]);
    await client.send("b");
    await server.untilBytes(2);
    plane.apply([tls("web", ["web.shop"], to("shop/blue"))]);
    expect((await client.readUntilEnd()).state).toBe("reset");
  });
});

test("a change between the first words and the last of a hello decides", async () => {
  const { plane, blue, green } = await openWorld([tls("web", ["web.shop"], to("shop/blue"))]);
  const client = await rig.openClient(plane);
  await client.send(hello("web.shop").subarray(0, 30));
  plane.apply([tls("web", ["web.shop"], to("shop/green"))]);
  await client.send(hello("web.shop").subarray(30));
  await (await green.connection()).untilBytes(hello("web.shop").length);
  expect(blue.connections.length).toBe(0);
});

test("[U07] property: whatever a client begins with is passed on as it is or closed, and the next one is served", async () => {
  const { plane, blue } = await openWorld([tls("web", ["web.shop"], to("shop/blue"))]);
  const honest = hello("web.shop");
  const change = fc.record({ at: fc.nat(honest.length - 1), value: fc.nat(255) });
  const said = fc.oneof(
    fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
      const bytes = Buffer.from(honest);
      for (const { at, value } of changes) bytes[at] = value;
      return bytes;
    }),
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );
  const isOver = (state: string): boolean => state !== "open";
  await fc.assert(
    fc.asyncProperty(said, async (bytes) => {
      const before = blue.connections.length;
      const client = await rig.openClient(plane);
      await client.send(bytes).catch(() => {});
      client.halfClose();
      await until(() => isOver(client.peerState) || blue.connections.length > before, "passed on or closed");
      const server = blue.connections[before];
      if (server === undefined) return;
      expect(await server.untilBytes(bytes.length)).toEqual(bytes);
      client.reset();
      await server.untilEnd();
    }),
    { numRuns: 60 },
  );
  const client = await rig.openClient(plane);
  const next = blue.connections.length;
  await client.send(honest);
  const server = await blue.connection(next);
  expect(await server.untilBytes(honest.length)).toEqual(honest);
});
