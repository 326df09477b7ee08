/** ClientHellos of every kind, honest and not: one that is whole names a server or none, all else is refused (reference U07). */
import { createServer, type Socket } from "node:net";
import { connect } from "node:tls";
import { until } from "@waystone/testkit/within";
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { buildClientHello, type HelloParts, recordsOf } from "../testing/build-client-hello.ts";
import { ClientHelloReader, type HelloState } from "./client-hello-reader.ts";

function read(...pieces: readonly Uint8Array[]): HelloState {
  const reader = new ClientHelloReader();
  let state: HelloState = { type: "more" };
  for (const piece of pieces) state = reader.add(piece);
  // Kept until it is decided, each as it came.
  expect(reader.received.equals(Buffer.concat(pieces).subarray(0, reader.received.length))).toBe(true);
  return state;
}

const hello = (serverName: string | undefined, more: HelloParts = {}): Buffer =>
  recordsOf(buildClientHello({ ...(serverName === undefined ? {} : { serverName }), ...more }));

describe("[U07] a ClientHello is understood:", () => {
  test.for([
    ["with a name", hello("web.shop"), "web.shop"],
    ["with a name in upper case", hello("WEB.Shop"), "web.shop"],
    ["with a trailing dot", hello("web.shop."), "web.shop"],
    ["with other extensions around it", hello("web.shop", { before: 3, after: 3 }), "web.shop"],
    ["without a name", hello(undefined, { before: 2 }), ""],
    ["without extensions at all", hello(undefined, { hasExtensions: false }), ""],
    ["with a session id", hello("web.shop", { sessionId: 32 }), "web.shop"],
    ["of 16 KiB together with its record's head", hello("web.shop", { total: 16_384 - 5 }), "web.shop"],
  ] as const)("%s", ([, bytes, serverName]) => {
    expect(read(bytes)).toEqual({ type: "hello", serverName });
  });

  test("as real clients send it, TLS 1.2 and 1.3", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const first = await firstBytesOf(version, "Web.Shop.example");
      expect([version, read(first)]).toEqual([version, { type: "hello", serverName: "web.shop.example" }]);
    }
  });

  test("early data behind it are not looked at, and kept", () => {
    const reader = new ClientHelloReader();
    const behind = Buffer.alloc(40_000, 7);
    expect(reader.add(Buffer.concat([hello("web.shop"), behind]))).toEqual({
      type: "hello",
      serverName: "web.shop",
    });
    expect(reader.received.subarray(-40_000)).toEqual(behind);
  });
});

const short = recordsOf(buildClientHello({ serverName: "web.shop" }));
const changed = (at: number, value: number): Buffer => {
  const bytes = Buffer.from(short);
  bytes[at] = value;
  return bytes;
};

describe("[U07] is refused:", () => {
  test.for([
    ["plain HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n"), "it does not begin with a TLS handshake"],
    [
      "an SSLv2 hello",
      Buffer.from("802e0100020015000000100100800200800300800700c0", "hex"),
      "it does not begin with a TLS handshake",
    ],
    ["one byte of something else", Buffer.from([0]), "it does not begin with a TLS handshake"],
    ["an alert", Buffer.from("15030300020250", "hex"), "it does not begin with a TLS handshake"],
    ["a record of another protocol's version", changed(1, 4), "its record is of no version of TLS"],
    ["an empty record", Buffer.from("1603010000", "hex"), "it has an empty record"],
    ["a record of more than 16 KiB", Buffer.from("1603014001", "hex"), "it has a record of more than 16 KiB"],
    ["a ServerHello", changed(5, 2), "its first message is no ClientHello"],
    ["a hello of 16 MB", Buffer.from("160301000401ffffff", "hex"), "its ClientHello is longer than 16 KiB"],
    [
      "a hello that is one byte too long",
      hello("web.shop", { total: 16_384 - 4 }),
      "its ClientHello is longer than 16 KiB",
    ],
    [
      "a record of another type in between",
      Buffer.concat([
        short.subarray(0, 3),
        Buffer.from([0, 4]),
        short.subarray(5, 9),
        Buffer.from("1403010001", "hex"),
      ]),
      "it does not begin with a TLS handshake",
    ],
    ["a name with NUL", hello("web\0.shop"), "its server name is no DNS name"],
    ["a name of 255 characters", hello(`${"a.".repeat(127)}a`), "its server name is no DNS name"],
    ["a name of 16,000 characters", hello("a".repeat(16_000)), "its server name is no DNS name"],
    ["a name in UTF-8", hello("wéb.shop"), "its server name is no DNS name"],
    ["an empty name", hello(""), "its server name is no DNS name"],
    ["two names", hello("web.shop", { secondName: "api.shop" }), "it names its server twice"],
    ["two extensions with a name", hello("web.shop", { repeatsName: true }), "it names its server twice"],
    ["a name of another type", hello("web.shop", { nameType: 1 }), "its server name is of an unknown type"],
    ["an empty list of names", hello("web.shop", { emptiesList: true }), "its ClientHello is broken"],
    ["bytes behind its extensions", hello("web.shop", { trailing: 1 }), "its ClientHello is broken"],
    [
      "an odd length of cipher suites",
      hello("web.shop", { cipherSuiteBytes: 3 }),
      "its ClientHello is broken",
    ],
    ["no cipher suites", hello("web.shop", { cipherSuiteBytes: 0 }), "its ClientHello is broken"],
    ["no compression methods", hello("web.shop", { compressionMethods: 0 }), "its ClientHello is broken"],
  ] as const)("%s", ([, bytes, reason]) => {
    expect(read(bytes)).toEqual({ type: "refused", reason });
  });

  test("after 16 KiB of a hello that goes on, whatever the size of its records", () => {
    const endless = recordsOf(Buffer.concat([Buffer.from([1, 0, 0x3f, 0xf0]), Buffer.alloc(16_368)]), 1);
    expect(read(endless.subarray(0, 16_383))).toEqual({ type: "more" });
    expect(read(endless.subarray(0, 16_384)).type).toBe("refused");
  });

  test("every beginning of a hello is a hello under way, and no more", () => {
    for (let length = 0; length < short.length; length++) {
      expect([length, read(short.subarray(0, length))]).toEqual([length, { type: "more" }]);
    }
  });
});

/** Cuts `bytes` at these points. */
function cut(bytes: Buffer, points: readonly number[]): Buffer[] {
  const sorted = [...new Set(points.map((point) => point % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...sorted].map((start, at) => bytes.subarray(start, sorted[at] ?? bytes.length));
}

const points = fc.array(fc.nat(), { maxLength: 40 });
const label = fc.string({ unit: fc.constantFrom("a", "B", "9", "-", "_"), minLength: 1, maxLength: 12 });
const parts: fc.Arbitrary<HelloParts> = fc.record(
  {
    serverName: fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join(".")),
    sessionId: fc.nat(32),
    before: fc.nat(4),
    after: fc.nat(4),
  },
  { requiredKeys: [] },
);

test("[U07] property: how a hello is split over records and segments changes nothing", () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 300 }), points, (given, recordBytes, at) => {
      const message = buildClientHello(given);
      const whole = read(recordsOf(message));
      const split = recordsOf(message, recordBytes);
      expect(read(...cut(split, at))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

test("[U07] property: a mutated hello is understood, waited for or refused, the same at once and byte by byte", () => {
  const mutation = fc.record({
    at: fc.nat(),
    value: fc.nat(255),
    drop: fc.nat(3),
    insert: fc.uint8Array({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(parts, fc.array(mutation, { minLength: 1, maxLength: 4 }), (given, mutations) => {
      let bytes = recordsOf(buildClientHello(given));
      for (const { at, value, drop, insert } of mutations) {
        const place = at % bytes.length;
        const rest = bytes.subarray(Math.min(bytes.length, place + drop));
        bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([value]), insert, rest]);
      }
      const atOnce = read(bytes);
      expect(read(...cut(bytes, [...bytes.keys()]))).toEqual(atOnce);
      if (atOnce.type === "hello") expect(atOnce.serverName).toMatch(/^[a-z0-9._-]*$/);
    }),
    { numRuns: 500 },
  );
});

test("[U07] property: garbage is never a hello with a name that is none, and never throws", () => {
  const head = fc.constantFrom(
    "",
    "16",
    "1603",
    "160301",
    "1603010005",
    "160301000501",
    "16030100ff010000fb0303",
  );
  fc.assert(
    fc.property(head, fc.uint8Array({ maxLength: 600 }), (prefix, bytes) => {
      const state = read(Buffer.from(prefix, "hex"), bytes);
      if (state.type === "hello") expect(state.serverName).toMatch(/^[a-z0-9._-]*$/);
    }),
    { numRuns: 500 },
  );
});

/** What Node's TLS client says first. */
async function firstBytesOf(version: "TLSv1.2" | "TLSv1.3", servername: string): Promise<Buffer> {
  let first: Buffer | undefined;
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.once("data", (bytes: Buffer) => (first = bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const client = connect({ port, host: "127.0.0.1", servername, minVersion: version, maxVersion: version });
  client.on("error", () => {});
  await until(() => first !== undefined, "the client has spoken");
  client.destroy();
  for (const socket of sockets) socket.destroy();
  server.close();
  return first!;
}
