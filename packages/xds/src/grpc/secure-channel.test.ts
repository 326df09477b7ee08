import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { DeltaDiscoveryRequest } from "@waystone/api/discovery";
import { typeUrls } from "@waystone/api/names";
import { createLogger } from "@waystone/base/logger";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { nextEvent, until, within } from "@waystone/testkit/within";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Controller, GrpcRig, type Waypoint } from "../testing/grpc-rig.ts";
import * as certificates from "../testing/test-certificates.ts";
import type { Admission, Authenticate, Caller, Refusal } from "./authenticate.ts";
import { deltaMethod } from "./delta-method.ts";
import type { ResolveAddresses } from "./resolve-addresses.ts";
import type { WaitingLimits } from "./waiting-room.ts";

const { service, route } = typeUrls;
const { serverName } = certificates;

let rig: GrpcRig;
let folder: string;
let tokenFile: string;
let gate: Gate;
beforeEach(async () => {
  rig = new GrpcRig();
  folder = await mkdtemp(path.join(os.tmpdir(), "waystone-push-"));
  tokenFile = path.join(folder, "token");
  await writeFile(tokenFile, "good\n");
  gate = new Gate();
});
afterEach(async () => {
  await rig.close();
  await rm(folder, { recursive: true });
});

/** Admits who has a token that is listed, as the node that it is listed for. */
class Gate {
  readonly tokens = new Map<string, string>([["good", "shop/waypoint/1"]]);
  readonly callers: Caller[] = [];
  readonly #open = new Map<string, Set<(refusal: Refusal) => void>>();
  /** While set, nobody hears whether he is admitted. */
  isSilent = false;

  readonly authenticate: Authenticate = async (caller, signal) => {
    this.callers.push(caller);
    if (this.isSilent) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    const { token = "" } = caller;
    const nodeId = this.tokens.get(token);
    if (nodeId === undefined)
      return { refusal: { kind: "unauthenticated", reason: "the token is not accepted" } };
    return { admission: this.#admit(token, nodeId) };
  };

  /** As when a token expires, or its pod goes. */
  revoke(token: string, refusal: Refusal): void {
    this.tokens.delete(token);
    this.end(token, refusal);
  }

  end(token: string, refusal: Refusal): void {
    for (const end of this.#open.get(token) ?? []) end(refusal);
  }

  watched(token: string): number {
    return this.#open.get(token)?.size ?? 0;
  }

  #admit(token: string, nodeId: string): Admission {
    const ends = this.#open.get(token) ?? new Set();
    this.#open.set(token, ends);
    const scope = nodeId.split("/").slice(0, 2).join("/");
    return {
      nodeId,
      scope,
      watch(end) {
        ends.add(end);
        return () => void ends.delete(end);
      },
    };
  }
}

interface ControllerOptions {
  readonly tls?: typeof certificates.server;
  readonly address?: string;
  readonly clock?: ManualClock;
  readonly limits?: Partial<WaitingLimits>;
}

async function openController(options: ControllerOptions = {}): Promise<Controller> {
  const { tls = certificates.server, limits, address = "127.0.0.1:0", clock } = options;
  const { authenticate } = gate;
  const secure = { tls, authenticate, ...(limits && { limits }) };
  return await rig.controller({ address, secure, ...(clock && { clock }) });
}

interface DialledAs {
  readonly id?: string;
  readonly resolve?: ResolveAddresses;
  readonly caFile?: string;
  readonly lines?: string[];
}

const portOf = (address: string): string => address.slice(address.lastIndexOf(":") + 1);

function openWaypoint(controller: { address: string }, options: DialledAs = {}): Waypoint {
  const { id, resolve = async () => ["127.0.0.1"], caFile = certificates.caFile, lines } = options;
  const stream = { write: (line: string) => void lines?.push(line) };
  return rig.waypoint(`${serverName}:${portOf(controller.address)}`, {
    ...(id !== undefined && { id }),
    tls: { caFile },
    tokenFile,
    resolve,
    logger: createLogger({ level: "debug", stream }),
  });
}

/** The reasons why there was no controller, as the log says. */
const reasonsIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => (JSON.parse(line) as { reason?: string }).reason ?? []);

async function reasonOf(controller: { address: string }, options: DialledAs = {}): Promise<string> {
  const lines: string[] = [];
  const waypoint = openWaypoint(controller, { ...options, lines });
  await until(() => reasonsIn(lines).length > 0, "it is refused");
  waypoint.close();
  return reasonsIn(lines)[0] ?? "";
}

describe("a waypoint with a good token", () => {
  test("gets its configuration over TLS 1.3, and the server learns whose token it was and from where", async () => {
    const controller = await openController();
    rig.put(service, { a: "1" });
    const waypoint = openWaypoint(controller);
    await waypoint.until(() => waypoint.completions === 1);
    expect(gate.callers).toEqual([{ token: "good", address: "127.0.0.1" }]);
    expect([...controller.observer.nodes.keys()]).toEqual(["shop/waypoint/1"]);
    expect(controller.served.waitingConnections).toBe(0);
  });

  test("reads its token anew for every stream, and resumes: what it has is not sent again", async () => {
    const controller = await openController();
    rig.put(service, { a: "1" });
    rig.put(route, { r: "1" });
    const waypoint = openWaypoint(controller);
    await waypoint.until(() => waypoint.completions === 1);
    gate.tokens.set("fresh", "shop/waypoint/1");
    await writeFile(tokenFile, "fresh\n");
    waypoint.applied.splice(0);
    gate.revoke("good", { kind: "unauthenticated", reason: "the token has expired" });
    await waypoint.until(() => waypoint.completions === 2);
    expect(gate.callers.map(({ token }) => token)).toEqual(["good", "fresh"]);
    expect(waypoint.applied.flatMap(({ upserts }) => upserts)).toEqual([]);
    expect(waypoint.client.held(service).size).toBe(1);
    expect(gate.watched("good")).toBe(0);
  });

  test("that expires is no outage in the waypoint's log", async () => {
    const lines: string[] = [];
    const waypoint = openWaypoint(await openController(), { lines });
    await waypoint.until(() => waypoint.completions === 1);
    gate.tokens.set("fresh", "shop/waypoint/1");
    await writeFile(tokenFile, "fresh");
    gate.revoke("good", { kind: "unauthenticated", reason: "the token has expired" });
    await waypoint.until(() => waypoint.completions === 2);
    const texts = lines.map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(texts.filter(({ level }) => level === "warn")).toEqual([]);
    expect(texts.map(({ msg }) => msg)).toContain("the controller asks for a fresh token; connecting again");
  });

  test("is one node and no other", async () => {
    const reason = await reasonOf(await openController(), { id: "shop/waypoint/2" });
    expect(reason).toBe('node id "shop/waypoint/2" is not shop/waypoint/1, whose token this is');
  });

  test("whose admission ends is cut at once, with the reason", async () => {
    const controller = await openController();
    const lines: string[] = [];
    const waypoint = openWaypoint(controller, { lines });
    await waypoint.until(() => waypoint.completions === 1);
    gate.revoke("good", { kind: "forbidden", reason: "its pod is gone" });
    expect([...controller.observer.nodes.keys()]).toEqual([]);
    await until(() => reasonsIn(lines).includes("its pod is gone"), "it hears of it");
  });

  test("is never shown over a channel without TLS", () => {
    expect(() => rig.waypoint("127.0.0.1:1", { tokenFile })).toThrow(/a token is sent over TLS alone/);
    expect(() => rig.waypoint("127.0.0.1:1", { tls: { caFile: certificates.caFile } })).toThrow(
      /asks for a token/,
    );
  });
});

describe("who is not admitted", () => {
  test("gets the reason and no byte of configuration", async () => {
    const controller = await openController();
    rig.put(service, { secret: "1" });
    await writeFile(tokenFile, "bad");
    expect(await reasonOf(controller)).toBe("the token is not accepted");
    expect(controller.observer.lines).toEqual([]);
  });

  test.for([
    ["none", []],
    ["no bearer", ["Basic Z29vZA=="]],
    ["two words", ["Bearer good, Bearer good"]],
    ["one with a blank in it", ["Bearer go od"]],
  ] as const)("with %s as authorization is one without a token", async ([, values]) => {
    const controller = await openController();
    const error = await callRaw(controller.address, values);
    expect(error.message).toContain("the token is not accepted");
    expect(gate.callers).toEqual([{ token: undefined, address: "127.0.0.1" }]);
  });

  test("is not read from while it waits: only HTTP/2's window of it is held", async () => {
    gate.isSilent = true;
    const controller = await openController();
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
    await until(() => gate.callers.length === 1, "it has asked");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isTaken).toBe(false);
    expect(controller.server.streams()).toEqual([]);
  });

  test("is gone when its time for a call that is admitted is over", async () => {
    gate.isSilent = true;
    const clock = new ManualClock();
    const controller = await openController({ clock });
    const call = openCall(openChannel(controller.address), ["Bearer good"]);
    const ended = new Promise<Error>((resolve) => call.on("error", resolve));
    call.on("data", () => {});
    await until(() => gate.callers.length === 1, "it has asked");
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
    const controller = await openController({ clock });
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
    expect(controller.served.waitingConnections).toBe(0);
  });

  test("are few in all and fewer from one address; who is admitted takes no place of theirs", async () => {
    const controller = await openController({ limits: { perAddress: 3 } });
    const waypoint = openWaypoint(controller);
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
    const controller = await openController();
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
    expect(gate.callers).toEqual([]);
  });

  test("plaintext to the TLS port gets nowhere", async () => {
    const controller = await openController();
    const socket = await connect(controller.address);
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    await nextEvent(socket, "close");
    expect(gate.callers).toEqual([]);
  });
});

describe("certificates", () => {
  test("are swapped without cutting a stream; connections from then on see the new one", async () => {
    const controller = await openController();
    const waypoint = openWaypoint(controller);
    await waypoint.until(() => waypoint.completions === 1);
    controller.served.replaceTls(certificates.renewed);
    rig.put(route, { r: "1" });
    await waypoint.until(() => waypoint.client.held(route).size === 1);
    expect(gate.callers).toHaveLength(1);
    const socket = connectTls({
      host: "127.0.0.1",
      port: Number(portOf(controller.address)),
      servername: serverName,
      ca: certificates.ca,
      ALPNProtocols: ["h2"],
    });
    await nextEvent(socket, "secureConnect");
    expect(socket.getPeerCertificate().subject.CN).toBe("renewed");
    expect(socket.getProtocol()).toBe("TLSv1.3");
    socket.destroy();
  });

  test("that do not fit their key are refused, and the old ones stay", async () => {
    const controller = await openController();
    const { key } = certificates.renewed;
    expect(() => controller.served.replaceTls({ ...certificates.server, key })).toThrow(/key/);
    const waypoint = openWaypoint(controller);
    await waypoint.until(() => waypoint.completions === 1);
  });

  test("of another authority are not believed, and the token is not shown", async () => {
    const controller = await openController({ tls: certificates.stranger });
    expect(await reasonOf(controller)).toMatch(
      /^push.test:\d+ \(127\.0\.0\.1\): its certificate is of none of the authorities in .*ca\.pem: the ConfigMap waystone-ca/,
    );
    expect(gate.callers).toEqual([]);
  });

  test("are believed as soon as their authority is in the file", async () => {
    const controller = await openController({ tls: certificates.stranger });
    const caFile = path.join(folder, "ca.crt");
    await writeFile(caFile, certificates.ca);
    const waypoint = openWaypoint(controller, { caFile });
    const { readFile } = await import("node:fs/promises");
    await writeFile(caFile, certificates.ca + (await readFile(certificates.otherCaFile, "utf8")));
    await waypoint.until(() => waypoint.completions === 1);
  });

  test("for another name are not believed", async () => {
    const controller = await openController();
    const lines: string[] = [];
    const waypoint = rig.waypoint(`other.test:${portOf(controller.address)}`, {
      tls: { caFile: certificates.caFile },
      tokenFile,
      resolve: async () => ["127.0.0.1"],
      logger: createLogger({ level: "debug", stream: { write: (line) => void lines.push(line) } }),
    });
    await until(() => reasonsIn(lines).length > 0, "it is refused");
    waypoint.close();
    expect(reasonsIn(lines)[0]).toContain("its certificate is for another name");
    expect(gate.callers).toEqual([]);
  });
});

describe("several addresses behind one name", () => {
  /** Loopback has many: each stands for a replica. */
  const replicas = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"];

  test("the one that listens is found", async () => {
    const controller = await openController({ address: "127.0.0.4:0" });
    const waypoint = openWaypoint(controller, { resolve: async () => replicas });
    await waypoint.until(() => waypoint.completions === 1);
    expect(gate.callers).toHaveLength(1);
  });

  test("one that is silent delays nobody for long, and its connection is let go", async () => {
    const controller = await openController({ address: "127.0.0.4:0" });
    const silent = createServer();
    const held: Socket[] = [];
    silent.on("connection", (socket) => {
      held.push(socket);
      socket.on("error", () => {});
      socket.resume();
    });
    await new Promise<void>((resolve) =>
      silent.listen(Number(portOf(controller.address)), "127.0.0.2", resolve),
    );
    rig.onClose(() => new Promise<void>((resolve) => silent.close(() => resolve())));
    const waypoint = openWaypoint(controller, { resolve: async () => ["127.0.0.2", "127.0.0.4"] });
    await within(
      waypoint.until(() => waypoint.completions === 1),
      "it is connected",
      1_000,
    );
    await until(
      () => held.every(({ destroyed, readableEnded }) => destroyed || readableEnded),
      "it is let go",
    );
  });

  test("are looked up anew at every attempt: a new leader may be at a new address", async () => {
    const first = await openController({ address: "127.0.0.2:0" });
    const port = portOf(first.address);
    let addresses = ["127.0.0.2"];
    const waypoint = openWaypoint(first, { resolve: async () => addresses });
    await waypoint.until(() => waypoint.completions === 1);
    await openController({ address: `127.0.0.3:${port}` });
    addresses = ["127.0.0.2", "127.0.0.3"];
    await first.close(0);
    await waypoint.until(() => waypoint.completions === 2);
  });

  test("that all refuse mean that nobody leads yet", async () => {
    const controller = await openController({ address: "127.0.0.9:0" });
    expect(await reasonOf(controller, { resolve: async () => replicas })).toMatch(
      /^all 4 addresses of push\.test:\d+ refused the connection: no controller leads yet/,
    );
  });

  test.for([
    ["ENOTFOUND", /push\.test has no address: its headless Service is not there/],
    ["EAI_AGAIN", /the cluster's DNS does not answer/],
  ] as const)("a name that gives %s is said in words", async ([code, text]) => {
    const controller = await openController();
    const resolve = async (): Promise<string[]> => {
      throw Object.assign(new Error(`getaddrinfo ${code}`), { code });
    };
    expect(await reasonOf(controller, { resolve })).toMatch(text);
  });
});

describe("files", () => {
  test.for<[string, string | undefined, RegExp]>([
    ["is not there", undefined, /^the token can't be read: ENOENT.*is its volume mounted\?$/],
    ["is empty", "\n", /holds no token/],
    ["has two lines", "good\nbad\n", /holds no token/],
  ])("a token file that %s is said, and tried again", async ([, content, text]) => {
    const controller = await openController();
    if (content === undefined) await rm(tokenFile);
    else await writeFile(tokenFile, content);
    const lines: string[] = [];
    const waypoint = openWaypoint(controller, { lines });
    await until(() => reasonsIn(lines).length > 0, "it is said");
    expect(reasonsIn(lines)[0]).toMatch(text);
    await writeFile(tokenFile, "good");
    await waypoint.until(() => waypoint.completions === 1);
    expect(lines.join("")).not.toContain('"good"');
  });

  test("a CA file without a certificate is said", async () => {
    const caFile = path.join(folder, "ca.crt");
    await writeFile(caFile, "");
    expect(await reasonOf(await openController(), { caFile })).toMatch(/holds no certificate: ConfigMap/);
  });
});

describe("many", () => {
  test("500 reconnects, of 100 waypoints at a time, send nothing twice and leave nothing behind", async () => {
    const controller = await openController({ limits: { perAddress: 200 } });
    rig.put(service, { a: "1" });
    const waypoints = await Promise.all(Array.from({ length: 100 }, (_, i) => openNumbered(controller, i)));
    const allHave = (count: number): boolean => waypoints.every(({ completions }) => completions === count);
    await until(() => allHave(1), "all are there", 20_000);
    for (let round = 1; round <= 5; round++) {
      for (const token of gate.tokens.keys()) {
        gate.end(token, { kind: "unauthenticated", reason: "the token has expired" });
      }
      await until(() => allHave(round + 1), "all are back", 20_000);
    }
    expect(controller.observer.nodes.size).toBe(100);
    expect(controller.server.streams()).toHaveLength(100);
    await until(() => controller.served.waitingConnections === 0, "no place is taken");
    for (const { applied } of waypoints) expect(applied.flatMap(({ upserts }) => upserts)).toHaveLength(1);
  });
});

async function openNumbered(controller: Controller, number: number): Promise<Waypoint> {
  const id = `shop/waypoint/${number}`;
  const file = path.join(folder, `token-${number}`);
  gate.tokens.set(`token-${number}`, id);
  await writeFile(file, `token-${number}`);
  return rig.waypoint(`${serverName}:${portOf(controller.address)}`, {
    id,
    tls: { caFile: certificates.caFile },
    tokenFile: file,
    resolve: async () => ["127.0.0.1"],
  });
}
