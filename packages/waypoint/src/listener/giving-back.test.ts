/**
 * Ports that go while clients are connected: given back (the clients move by themselves, after an answer), gone (nothing
 * under way is harmed), or another Service's (nobody is served by a Service that they did not dial).
 */
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { preface } from "../http/h2/frame-types.ts";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const lastOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

const web = (plane: RigPlane, releasing = false) =>
  serviceResource("shop", "web", 80, { listen: plane.port, releasing });

async function openHttp2(plane: RigPlane) {
  const client = await rig.openClient(plane);
  // An empty SETTINGS frame is all that a client must say.
  await client.send(Buffer.concat([preface, Buffer.from("000000040000000000", "hex")]));
  return client;
}

/** GOAWAY is frame type 7. */
function hasGoaway(received: Buffer): boolean {
  for (let at = 0; at + 9 <= received.length; at += 9 + received.readUIntBE(at, 3)) {
    if (received[at + 3] === 7) return true;
  }
  return false;
}

describe("a Service that is being given back", () => {
  test("is served as before; each connection's next answer is its last, and none is cut while it waits", async () => {
    const upstream = await rig.openUpstream({ answer: () => ok });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const [kept, idle] = [await rig.openClient(plane), await rig.openClient(plane)];
    await kept.send(get);
    expect((await kept.readResponse()).raw.toString()).toBe(ok);
    plane.apply([web(plane, true)]);
    await turns();
    expect([kept.peerState, idle.peerState]).toEqual(["open", "open"]);
    await kept.send(get);
    expect((await kept.readResponse()).raw.toString()).toBe(lastOk);
    await idle.send(get);
    expect((await idle.readUntilEnd()).bytes.toString()).toBe(lastOk);
    const fresh = await rig.openClient(plane);
    await fresh.send(get);
    expect((await fresh.readUntilEnd()).bytes.toString()).toBe(lastOk);
  });

  test("says GOAWAY to the HTTP/2 connections that it has and to those that come", async () => {
    const plane = await rig.openPlane();
    const before = await openHttp2(plane);
    await until(() => before.received.length > 0, "it is a connection");
    expect(hasGoaway(before.received)).toBe(false);
    plane.apply([web(plane, true)]);
    await until(() => hasGoaway(before.received), "it is told to go");
    const after = await openHttp2(plane);
    await until(() => hasGoaway(after.received), "so is the one that came later");
  });

  test("leaves TCP connections alone: nobody knows where a message ends", async () => {
    const upstream = await rig.openUpstream({ readsHttp: false });
    const plane = await rig.openPlane({ upstreams: [upstream], protocol: "tcp" });
    const client = await rig.openClient(plane);
    const server = await upstream.connection();
    plane.apply([
      serviceResource("shop", "web", 80, { listen: plane.port, protocol: "tcp", releasing: true }),
    ]);
    await client.send("still");
    await server.untilBytes(5);
    expect(client.peerState).toBe("open");
  });

  test("that is captured again after all keeps its new connections", async () => {
    const upstream = await rig.openUpstream({ answer: () => ok });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    plane.apply([web(plane, true)]);
    plane.apply([web(plane)]);
    const client = await rig.openClient(plane);
    await client.send(get);
    expect((await client.readResponse()).raw.toString()).toBe(ok);
  });
});

describe("a port that has left", () => {
  test("finishes the request under way, closes idle connections, and never answers 404", async () => {
    const waiting = Promise.withResolvers<string>();
    const upstream = await rig.openUpstream({ answer: () => waiting.promise });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const [busy, idle] = [await rig.openClient(plane), await rig.openClient(plane)];
    await busy.send(get);
    await upstream.request();
    plane.apply([], [web(plane), sliceResource("shop", "web", [])]);
    expect((await idle.readUntilEnd()).bytes.length).toBe(0);
    // Pipelined behind it: never looked at, so the client may send it again.
    await busy.send(get);
    waiting.resolve(ok);
    expect((await busy.readUntilEnd()).bytes.toString()).toBe(lastOk);
    expect((await plane.lines(1)).length).toBe(1);
  });

  test("is refused with 503 on an HTTP/2 connection that has not heard yet", async () => {
    const plane = await rig.openPlane();
    const client = await openHttp2(plane);
    await until(() => client.received.length > 0, "it is a connection");
    plane.apply([], [web(plane)]);
    // :method GET, :scheme http, :path /, :authority h
    const block = Buffer.from([0x82, 0x86, 0x84, 0x41, 0x01, 0x68]);
    const head = Buffer.from([0, 0, block.length, 1, 0x5, 0, 0, 0, 1]);
    await client.send(Buffer.concat([head, block]));
    await plane.lines(1);
    expect(plane.log()).toMatchObject([
      { response_code: 503, response_flags: "NR", response_code_details: "not-served" },
    ]);
  });
});

test("a place that becomes another Service's: connections to the one before are not served by the other", async () => {
  const [old, next] = [
    await rig.openUpstream({ answer: () => ok }),
    await rig.openUpstream({ answer: () => ok }),
  ];
  const plane = await rig.openPlane({ upstreams: [old] });
  const client = await rig.openClient(plane);
  await client.send(get);
  await client.readResponse();
  plane.apply([
    serviceResource("shop", "web", 80),
    serviceResource("shop", "other", 80, { listen: plane.port }),
    sliceResource("shop", "other", [`127.0.0.1:${next.port}`]),
  ]);
  expect((await client.readUntilEnd()).state).toBe("ended");
  const fresh = await openRawClient({ port: plane.port });
  await fresh.send(get);
  expect((await fresh.readResponse()).status).toBe(200);
  fresh.close();
  expect([old.requests.length, next.requests.length]).toEqual([1, 1]);
});

describe("a pod that is about to go", () => {
  test("takes new connections, ends none that is idle, and answers with Connection: close", async () => {
    const upstream = await rig.openUpstream({ answer: () => ok });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const idle = await rig.openClient(plane);
    plane.plane.leave();
    const fresh = await rig.openClient(plane);
    await fresh.send(get);
    expect((await fresh.readUntilEnd()).bytes.toString()).toBe(lastOk);
    expect(idle.peerState).toBe("open");
    await idle.send(get);
    expect((await idle.readUntilEnd()).bytes.toString()).toBe(lastOk);
  });

  test("goes on following its configuration", async () => {
    const [old, next] = await rig.openUpstreams({ answer: () => ok }, { answer: () => ok });
    const plane = await rig.openPlane({ upstreams: [old!] });
    plane.plane.leave();
    plane.apply([sliceResource("shop", "web", [`${next!.host}:${next!.port}`])]);
    const client = await rig.openClient(plane);
    await client.send(get);
    expect((await client.readUntilEnd()).bytes.toString()).toBe(lastOk);
    expect(next!.requests.length).toBe(1);
  });
});
