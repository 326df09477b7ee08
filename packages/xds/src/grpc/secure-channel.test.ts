import { writeFile } from "node:fs/promises";
import { connect as connectTcp, type Socket } from "node:net";
import path from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { DeltaDiscoveryRequest } from "@waystone/api/discovery";
import { typeUrls } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { nextEvent, until, within } from "@waystone/testkit/within";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Controller, Waypoint } from "../testing/grpc-rig.ts";
import { portOf, reasonsIn, SecureRig } from "../testing/secure-rig.ts";
import * as certificates from "../testing/test-certificates.ts";
import { deltaMethod } from "./delta-method.ts";

const { service, route } = typeUrls;
const { serverName } = certificates;

let rig: SecureRig;
beforeEach(async () => {
  rig = await SecureRig.open();
});
afterEach(() => rig.close());

describe("a waypoint with a good token", () => {
  test("gets its configuration over TLS 1.3, and the server learns whose token it was and from where", async () => {
    const controller = await rig.secureController();
    rig.put(service, { a: "1" });
    const waypoint = rig.dial(controller);
    await waypoint.until(() => waypoint.completions === 1);
    expect(rig.gate.callers).toEqual([{ token: "good", address: "127.0.0.1" }]);
    expect([...controller.observer.nodes.keys()]).toEqual(["shop/waypoint/1"]);
    expect(controller.served.waitingConnections).toBe(0);
  });

  test("reads its token anew for every stream, and resumes: what it has is not sent again", async () => {
    const controller = await rig.secureController();
    rig.put(service, { a: "1" });
    rig.put(route, { r: "1" });
    const waypoint = rig.dial(controller);
    await waypoint.until(() => waypoint.completions === 1);
    rig.gate.tokens.set("fresh", "shop/waypoint/1");
    await writeFile(rig.tokenFile, "fresh\n");
    waypoint.applied.splice(0);
    rig.gate.revoke("good", { kind: "unauthenticated", reason: "the token has expired" });
    await waypoint.until(() => waypoint.completions === 2);
    expect(rig.gate.callers.map(({ token }) => token)).toEqual(["good", "fresh"]);
    expect(waypoint.applied.flatMap(({ upserts }) => upserts)).toEqual([]);
    expect(waypoint.client.held(service).size).toBe(1);
    expect(rig.gate.watched("good")).toBe(0);
  });

  test("that expires is no outage in the waypoint's log", async () => {
    const lines: string[] = [];
    const waypoint = rig.dial(await rig.secureController(), { lines });
    await waypoint.until(() => waypoint.completions === 1);
    rig.gate.tokens.set("fresh", "shop/waypoint/1");
    await writeFile(rig.tokenFile, "fresh");
    rig.gate.revoke("good", { kind: "unauthenticated", reason: "the token has expired" });
    await waypoint.until(() => waypoint.completions === 2);
    const texts = lines.map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(texts.filter(({ level }) => level === "warn")).toEqual([]);
    expect(texts.map(({ msg }) => msg)).toContain("the controller asks for a fresh token; connecting again");
  });

  test("is one node and no other", async () => {
    const reason = await rig.reasonOf(await rig.secureController(), { id: "shop/waypoint/2" });
    expect(reason).toBe('node id "shop/waypoint/2" is not shop/waypoint/1, whose token this is');
  });

  test("whose admission ends is cut at once, with the reason", async () => {
    const controller = await rig.secureController();
    const lines: string[] = [];
    const waypoint = rig.dial(controller, { lines });
    await waypoint.until(() => waypoint.completions === 1);
    rig.gate.revoke("good", { kind: "forbidden", reason: "its pod is gone" });
    expect([...controller.observer.nodes.keys()]).toEqual([]);
    await until(() => reasonsIn(lines).includes("its pod is gone"), "it hears of it");
  });

  test("is never shown over a channel without TLS", () => {
    expect(() => rig.waypoint("127.0.0.1:1", { tokenFile: rig.tokenFile })).toThrow(
      /a token is sent over TLS alone/,
    );
    expect(() => rig.waypoint("127.0.0.1:1", { tls: { caFile: certificates.caFile } })).toThrow(
      /asks for a token/,
    );
  });
});

describe("who is not admitted", () => {
  test("gets the reason and no byte of configuration", async () => {
    const controller = await rig.secureController();
    rig.put(service, { secret: "1" });
    await writeFile(rig.tokenFile, "bad");
    expect(await rig.reasonOf(controller)).toBe("the token is not accepted");
    expect(controller.observer.lines).toEqual([]);
  });

  test.for([
    ["none", []],
    ["no bearer", ["Basic Z29vZA=="]],
    ["two words", ["Bearer good, Bearer good"]],
    ["one with a blank in it", ["Bearer go od"]],
  ] as const)("with %s as authorization is one without a token", async ([, values]) => {
    const controller = await rig.secureController();
    const error = await callRaw(controller.address, values);
    expect(error.message).toContain("the token is not accepted");
    expect(rig.gate.callers).toEqual([{ token: undefined, address: "127.0.0.1" }]);
  });

  test("is not read from while it waits: only HTTP/2's window of it is held", async () => {
    rig.gate.isSilent = true;
    const controller = await rig.secureController();
    const channel = openChannel(controller.address);
    const call = openCall(channel, ["Bearer good"]);
    call.on("error", () => {});
    const large = DeltaDiscoveryRequest.encode({
      node: { id: "shop/waypoint/1" },
      typeUrl: "x".repeat(4_000_000),
    }).finish();
    let isTaken = false;
    call.write(large, () => {
      isTaken = true;
    });
    await until(() => rig.gate.callers.length === 1, "it has asked");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isTaken).toBe(false);
    expect(controller.server.streams()).toEqual([]);
  });

  test("is gone when its time for a call that is admitted is over", async () => {
    rig.gate.isSilent = true;
    const clock = new ManualClock();
    const controller = await rig.secureController({ clock });
    const call = openCall(openChannel(controller.address), ["Bearer good"]);
    const ended = new Promise<Error>((resolve) => call.on("error", resolve));
    call.on("data", () => {});
    await until(() => rig.gate.callers.length === 1, "it has asked");
    clock.advance(19_999);
    expect(controller.served.waitingConnections).toBe(1);
    clock.advance(1);
    await within(ended, "its connection goes");
    await until(() => controller.served.waitingConnections === 0, "its place is free");
  });
});

/** With grpc-js as the peer: another implementation. */
function openChannel(address: string): Client {
  const tls = credentials.createSsl(Buffer.from(certificates.ca));
  const channel = new Client(address, tls, {
    "grpc.ssl_target_name_override": serverName,
    "grpc.use_local_subchannel_pool": 1,
  });
  rig.onClose(() => channel.close());
  return channel;
}

function openCall(channel: Client, authorization: readonly string[]) {
  const metadata = new Metadata();
  for (const value of authorization) metadata.add("authorization", value);
  const { path: method, requestSerialize, responseDeserialize } = deltaMethod;
  return channel.makeBidiStreamRequest(method, requestSerialize, responseDeserialize, metadata);
}

async function callRaw(address: string, authorization: readonly string[]): Promise<Error> {
  const call = openCall(openChannel(address), authorization);
  const ended = new Promise<Error>((resolve) => call.on("error", resolve));
  call.on("data", () => {});
  return await within(ended, "it is refused");
}

describe("a connection of which nobody was admitted", () => {
  test("asks for one call at a time", async () => {
    rig.gate.isSilent = true;
    const controller = await rig.secureController();
    const channel = openChannel(controller.address);
    const first = openCall(channel, ["Bearer good"]);
    first.on("error", () => {});
    await until(() => rig.gate.callers.length === 1, "the first has asked");
    const second = openCall(channel, ["Bearer good"]);
    const ended = new Promise<Error>((resolve) => second.on("error", resolve));
    second.on("data", () => {});
    expect((await within(ended, "it is refused")).message).toContain("one at a time");
    expect(rig.gate.callers).toHaveLength(1);
  });

  test("goes a second after it was refused", async () => {
    const clock = new ManualClock();
    const controller = await rig.secureController({ clock });
    await callRaw(controller.address, ["Bearer bad"]);
    expect(controller.served.waitingConnections).toBe(1);
    clock.advance(1_000);
    await until(() => controller.served.waitingConnections === 0, "it is gone");
  });
});

describe("connections that say nothing", () => {
  const connect = async (address: string): Promise<Socket> => {
    const socket = connectTcp(Number(portOf(address)), "127.0.0.1");
    socket.on("error", () => {});
    rig.onClose(() => void socket.destroy());
    await nextEvent(socket, "connect");
    return socket;
  };

  test("end when the handshake's time is over, however slowly its bytes drip in", async () => {
    const clock = new ManualClock();
    const controller = await rig.secureController({ clock });
    const socket = await connect(controller.address);
    const closed = new Promise((resolve) => socket.on("close", resolve));
    await until(() => controller.served.waitingConnections === 1, "it is seen");
    // The first bytes of a ClientHello.
    for (const byte of [0x16, 0x03, 0x01, 0x02]) {
      socket.write(Buffer.of(byte));
      clock.advance(1_200);
    }
    clock.advance(200);
    await within(closed, "it is closed");
    await until(() => controller.served.waitingConnections === 0, "its place is free");
  });

  test("are few in all and fewer from one address; who is admitted takes no place of theirs", async () => {
    const controller = await rig.secureController({ limits: { perAddress: 3 } });
    const waypoint = rig.dial(controller);
    await waypoint.until(() => waypoint.completions === 1);
    for (let i = 0; i < 3; i++) await connect(controller.address);
    await until(() => controller.served.waitingConnections === 3, "they are seen");
    const fourth = await connect(controller.address);
    await nextEvent(fourth, "close");
    expect(controller.served.waitingConnections).toBe(3);
    expect([...controller.observer.nodes.keys()]).toEqual(["shop/waypoint/1"]);
  });

  test.for<[string, object]>([
    ["an older TLS", { maxVersion: "TLSv1.2", ALPNProtocols: ["h2"] }],
    ["another protocol", { ALPNProtocols: ["http/1.1"] }],
    ["no protocol", {}],
  ])("and those with %s get nowhere", async ([, options]) => {
    const controller = await rig.secureController();
    const socket: TLSSocket = connectTls({
      host: "127.0.0.1",
      port: Number(portOf(controller.address)),
      servername: serverName,
      ca: certificates.ca,
      ...options,
    });
    socket.on("error", () => {});
    rig.onClose(() => void socket.destroy());
    await within(new Promise((resolve) => socket.on("close", resolve)), "it is closed");
    await until(() => controller.served.waitingConnections === 0, "its place is free");
    expect(rig.gate.callers).toEqual([]);
  });

  test("plaintext to the TLS port gets nowhere", async () => {
    const controller = await rig.secureController();
    const socket = await connect(controller.address);
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    await nextEvent(socket, "close");
    expect(rig.gate.callers).toEqual([]);
  });
});

describe("many", () => {
  // 3 s on a machine that does nothing else.
  const timeout = 60_000;

  test("500 reconnects, of 100 waypoints at a time, send nothing twice and leave nothing behind", {
    timeout,
  }, async () => {
    const controller = await rig.secureController({ limits: { perAddress: 200 } });
    rig.put(service, { a: "1" });
    const waypoints = await Promise.all(Array.from({ length: 100 }, (_, i) => openNumbered(controller, i)));
    const allHave = (count: number): boolean => waypoints.every(({ completions }) => completions === count);
    await until(() => allHave(1), "all are there");
    for (let round = 1; round <= 5; round++) {
      for (const token of rig.gate.tokens.keys()) {
        rig.gate.end(token, { kind: "unauthenticated", reason: "the token has expired" });
      }
      await until(() => allHave(round + 1), "all are back");
    }
    expect(controller.observer.nodes.size).toBe(100);
    expect(controller.server.streams()).toHaveLength(100);
    await until(() => controller.served.waitingConnections === 0, "no place is taken");
    for (const { applied } of waypoints) expect(applied.flatMap(({ upserts }) => upserts)).toHaveLength(1);
  });
});

async function openNumbered(controller: Controller, number: number): Promise<Waypoint> {
  const id = `shop/waypoint/${number}`;
  const file = path.join(rig.folder, `token-${number}`);
  rig.gate.tokens.set(`token-${number}`, id);
  await writeFile(file, `token-${number}`);
  return rig.dial(controller, { id, tokenFile: file });
}
