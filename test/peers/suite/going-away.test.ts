/**
 * GOAWAY under load (RFC 9113 6.8): who stands beside the waypoint goes as a rollout makes it go, or the waypoint asks to be left,
 * while calls and a stream are under way. No call fails: clients send again only what was refused unseen. Who goes is grpc-go, Envoy,
 * HAProxy, and the waypoint itself before each of them and before grpc-js.
 */
import { freePort } from "@waystone/testkit/free-port";
import { within } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import { type GrpcGoServer, startGrpcGo } from "../harness/grpc-go-server.ts";
import { callGo } from "../harness/grpc-go.ts";
import { GrpcLoad } from "../harness/grpc-load.ts";
import { type RunningEnvoy, type RunningHaproxy, startEnvoy, startHaproxy } from "../harness/proxies.ts";
import { type Address, type RunningWaystone, startWaystone } from "../harness/waystone.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

function keep<T extends { stop(): Promise<unknown> }>(opened: T): T {
  stops.push(async () => await opened.stop());
  return opened;
}

const hosts = ["127.0.0.1", "127.0.0.2"] as const;

/** Two of a kind on one port: the endpoints of a Service. */
async function startTwo<T extends { stop(): Promise<unknown> }>(
  start: (at: Address) => Promise<T>,
): Promise<readonly [T, T, number]> {
  const port = await freePort();
  const [one, two] = [await start({ host: hosts[0], port }), await start({ host: hosts[1], port })];
  return [keep(one), keep(two), port];
}

async function startBefore(
  endpointPort: number,
  endpointHosts: readonly string[] = [hosts[0]],
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningWaystone> {
  const service = { name: "api", appProtocol: "grpc", endpointPort, endpointHosts } as const;
  return keep(await startWaystone([service], () => [], settings));
}

async function startGo(): Promise<GrpcGoServer> {
  return keep(await startGrpcGo({ host: hosts[0], port: await freePort() }));
}

const allWell = { failures: [], stream: "OK" };

/** Who has gone: everybody has let go of it, so it ended by itself. */
async function untilEnded(gone: { ended(): Promise<number> }): Promise<void> {
  expect(await within(gone.ended(), "its end, once its last connection is closed")).toBe(0);
}

describe("an endpoint that goes while another one stays", () => {
  test("grpc-go", async () => {
    const [first, second, port] = await startTwo(startGrpcGo);
    const load = new GrpcLoad((await startBefore(port, hosts)).at("api"));
    await load.more(500);
    await first.drain();
    await load.more(1000);
    // What is left of the first is the stream, if it has that.
    expect((await callGo(second.address, "method", "Unary", "x"))["code"]).toBe("OK");
    expect(await load.end()).toEqual(allWell);
    await untilEnded(first);
  });

  test("HAProxy", async () => {
    const { address } = await startGo();
    const [first, , port] = await startTwo(async (at) => await startHaproxy(address, "http/2", { at }));
    const load = new GrpcLoad((await startBefore(port, hosts)).at("api"));
    await load.more(500);
    await first.drain();
    await load.more(1000);
    expect(await load.end()).toEqual(allWell);
    await untilEnded(first);
  });
});

describe("who says GOAWAY to each connection after its first answer, and goes on accepting others", () => {
  async function untilManyWereAsked(load: GrpcLoad, envoy: RunningEnvoy): Promise<void> {
    await envoy.drain();
    await load.until(async () => (await envoy.askedToGo()) >= 10, "ten connections were asked to go");
  }

  test("Envoy behind the waypoint", async () => {
    const { address } = await startGo();
    const envoy = keep(await startEnvoy(address, "http/2"));
    const load = new GrpcLoad((await startBefore(envoy.address.port)).at("api"));
    await load.more(500);
    await untilManyWereAsked(load, envoy);
    await load.more(1500);
    expect(await load.end()).toEqual(allWell);
  });

  test("Envoy before the waypoint", async () => {
    const waystone = await startBefore((await startGo()).address.port);
    const envoy = keep(await startEnvoy(waystone.at("api"), "http/2"));
    const load = new GrpcLoad(envoy.address);
    await load.more(500);
    await untilManyWereAsked(load, envoy);
    await load.more(1000);
    expect(await load.end()).toEqual(allWell);
  });
});

describe("who stands before the waypoint and is replaced", () => {
  test("HAProxy, reloaded three times", async () => {
    const waystone = await startBefore((await startGo()).address.port);
    let haproxy = keep(await startHaproxy(waystone.at("api"), "http/2"));
    const gone: RunningHaproxy[] = [];
    const load = new GrpcLoad(haproxy.address);
    for (let reloads = 0; reloads < 3; reloads += 1) {
      await load.more(300);
      gone.push(haproxy);
      haproxy = keep(await haproxy.reload());
    }
    await load.more(300);
    expect(await load.end()).toEqual(allWell);
    for (const each of gone) await untilEnded(each);
  });
});

describe("a waypoint that asks each connection to go after a second", () => {
  test.for(["grpc-js", "Envoy", "HAProxy"] as const)("%s", async (client) => {
    const waystone = await startBefore((await startGo()).address.port, hosts.slice(0, 1), {
      "http2.maxAgeMs": "1000",
    });
    const to = waystone.at("api");
    const before = {
      "grpc-js": async () => to,
      Envoy: async () => keep(await startEnvoy(to, "http/2")).address,
      HAProxy: async () => keep(await startHaproxy(to, "http/2")).address,
    };
    const load = new GrpcLoad(await before[client]());
    const accepted = async (): Promise<number> =>
      await waystone.metric("waystone_downstream_connections_total");
    await load.more(10);
    const first = await accepted();
    await load.until(async () => (await accepted()) >= first + 2, "two more connections were opened");
    await load.more(100);
    expect(await load.end()).toEqual(allWell);
  });

  test("grpc-go", async () => {
    const waystone = await startBefore((await startGo()).address.port, hosts.slice(0, 1), {
      "http2.maxAgeMs": "1000",
    });
    const accepted = async (): Promise<number> =>
      await waystone.metric("waystone_downstream_connections_total");
    // Twice as many calls each time, so that they outlast some connections on any machine: a client that has one was never asked to go.
    for (let [count, connections] = [10_000, 0]; connections < 3; count *= 2) {
      const before = await accepted();
      const seen = await callGo(waystone.at("api"), "many-unary", count, 20);
      expect(seen).toEqual({ calls: count, wrong: "" });
      connections = (await accepted()) - before;
    }
  });
});
