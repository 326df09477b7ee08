/**
 * What goes on for long (an HTTP answer, a WebSocket, a gRPC stream) and whoever began it: it ends where keys, Secrets or policies would
 * not let him in any more, and it does not for time alone, as with Envoy and Istio (design/0005-who-asks.md).
 */
import { createHash } from "node:crypto";
import type { ServerHttp2Stream } from "node:http2";
import { type Clock, systemClock } from "@waystone/base/clock";
import { testIssuer } from "@waystone/engine/authentication/testing/policy-rig";
import { keySetText, makeKey } from "@waystone/engine/authentication/testing/token-rig";
import { until, within } from "@waystone/testkit/within";
import type { EncodedResource } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import { sourceId } from "../tokens/key-ring.ts";
import { credentials } from "../testing/credential-resource.ts";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";
import { bearer, jwks, key, now, token, who } from "../testing/token-clients.ts";

const rig = useExchangeRig();
const http2 = useHttp2Peers();

interface Goer {
  readonly plane: RigPlane;
  /** The endpoint says something, and the client hears it. */
  readonly isHeard: () => Promise<void>;
  readonly ended: Promise<unknown>;
}

interface Opening {
  readonly more: readonly EncodedResource[];
  /** "Name: value" */
  readonly header: string;
  readonly clock?: Clock;
}

const accept = (sent: string): string =>
  createHash("sha1").update(`${sent}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");

async function openHttp1({ header, ...options }: Opening, request: string, answer: string): Promise<Goer> {
  const upstream = await rig.openUpstream({ answer: () => undefined });
  const plane = await rig.openPlane({ upstreams: [upstream], ...options });
  const client = await rig.openClient(plane);
  await client.send(`GET / HTTP/1.1\r\nHost: h\r\n${header}\r\n${request}\r\n`);
  await upstream.request();
  const connection = await upstream.connection();
  connection.write(answer);
  await until(() => client.received.includes("\r\n\r\n"), "the answer has begun");
  let said = 0;
  return {
    plane,
    async isHeard() {
      const word = `word${said++}`;
      connection.write(`5\r\n${word}\r\n`);
      await until(() => client.received.includes(word), "the client hears it");
    },
    ended: client.readUntilEnd(),
  };
}

const sampleKey = "dGhlIHNhbXBsZSBub25jZQ==";

const openers: Readonly<Record<string, (opening: Opening) => Promise<Goer>>> = {
  "a long answer": (opening) =>
    openHttp1(opening, "", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
  "a WebSocket": (opening) =>
    openHttp1(
      opening,
      `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${sampleKey}\r\nSec-WebSocket-Version: 13\r\n`,
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept(sampleKey)}\r\n\r\n`,
    ),
  async "a gRPC stream"({ header, ...options }) {
    const come = Promise.withResolvers<ServerHttp2Stream>();
    const endpoint = await http2.endpoint((stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("error", () => {});
      come.resolve(stream);
    });
    const plane = await rig.openPlane({ endpoints: [endpoint.key], protocol: "grpc", ...options });
    const colon = header.indexOf(":");
    const stream = http2.client(plane.port).request({
      ":method": "POST",
      ":path": "/shop.Orders/Watch",
      "content-type": "application/grpc",
      te: "trailers",
      [header.slice(0, colon).toLowerCase()]: header.slice(colon + 1).trim(),
    });
    let heard = "";
    stream.on("error", () => {}).on("data", (bytes: Buffer) => (heard += bytes.toString()));
    const ended = new Promise((resolve) => stream.once("close", resolve));
    const atEndpoint = await within(come.promise, "the stream at the endpoint");
    let said = 0;
    return {
      plane,
      async isHeard() {
        const word = `word${said++}`;
        atEndpoint.write(word);
        await until(() => heard.includes(word), "the client hears it");
      },
      ended,
    };
  },
};

const uri = { uri: "https://id.example.com/jwks", refreshMs: 300_000, allowedAddresses: [] };
const byKey = who({ apiKeys: { headers: ["x-api-key"] } });
const hash = (password: string): string => `{SHA}${createHash("sha1").update(password).digest("base64")}`;
const fetched = (plane: RigPlane, text: string | undefined): void =>
  plane.plane.takeKeys(sourceId(uri), text);

interface Case {
  readonly more: readonly EncodedResource[];
  readonly header: string;
  readonly before?: (plane: RigPlane) => void;
  /** It goes on after this... */
  readonly harmless: (plane: RigPlane) => void;
  /** ... and ends by this. */
  readonly change: (plane: RigPlane) => void;
}

const cases: Readonly<Record<string, Case>> = {
  "the key of its token is not in the policy any more": {
    more: [who()],
    header: bearer(token()),
    harmless: (plane) => plane.apply([who({ jwks: keySetText(makeKey("more"), key) })]),
    change: (plane) => plane.apply([who({ jwks: keySetText(makeKey("more")) })]),
  },
  "its token is for none of the audiences any more": {
    more: [who({ jwks, audiences: ["shop"] })],
    header: bearer(token({ aud: "shop" })),
    harmless: (plane) => plane.apply([who({ jwks, audiences: ["other", "shop"] })]),
    change: (plane) => plane.apply([who({ jwks, audiences: ["other"] })]),
  },
  "the key of its API key's owner was taken out of the Secret": {
    more: [byKey, credentials({ keys: { acme: "key-of-acme", beta: "key-of-beta" } })],
    header: "x-api-key: key-of-acme",
    harmless: (plane) => plane.apply([credentials({ keys: { acme: "key-of-acme" } })]),
    change: (plane) => plane.apply([credentials({ keys: { acme: "another-key" } })]),
  },
  "its password was changed": {
    more: [who({ basic: {} }), credentials({ users: { alice: hash("open sesame"), bob: hash("b") } })],
    header: `Authorization: Basic ${Buffer.from("alice:open sesame").toString("base64")}`,
    harmless: (plane) => plane.apply([credentials({ users: { alice: hash("open sesame") } })]),
    change: (plane) => plane.apply([credentials({ users: { alice: hash("close sesame") } })]),
  },
  "a policy asks for something else": {
    more: [who()],
    header: bearer(token()),
    harmless: (plane) => plane.apply([who({ jwks, issuer: testIssuer, clockSkewMs: 1000 })]),
    change: (plane) => plane.apply([byKey]),
  },
  "the policy cannot be carried out any more": {
    more: [who()],
    header: bearer(token()),
    harmless: (plane) => plane.apply([who({ providers: [{ jwks }], mode: "Enforce" })]),
    change: (plane) => plane.apply([who({ requirement: "Required", unusable: ["it is broken"] })]),
  },
};

describe.each(Object.keys(openers))("%s", (kind) => {
  test.for(Object.keys(cases))("ends when %s", async (name) => {
    const { more, header, harmless, change } = cases[name]!;
    const goer = await openers[kind]!({ more, header });
    harmless(goer.plane);
    await goer.isHeard();
    change(goer.plane);
    await within(goer.ended, "it is closed");
  });

  test("goes on when its token has expired, and policies change for another reason", async () => {
    let laterMs = 0;
    const clock: Clock = { ...systemClock, wallMs: () => systemClock.wallMs() + laterMs };
    const goer = await openers[kind]!({ more: [who()], header: bearer(token({ exp: now + 600 })), clock });
    laterMs = 3_600_000;
    goer.plane.apply([who({ jwks: keySetText(makeKey("more"), key) })]);
    await goer.isHeard();
    goer.plane.apply([who({ jwks: keySetText(makeKey("more")) })]);
    await within(goer.ended, "it is closed");
  });
});

test("a stream whose token's key its issuer serves no more ends when that is known, and not before", async () => {
  const upstream = await rig.openUpstream({ answer: () => undefined });
  const plane = await rig.openPlane({
    upstreams: [upstream],
    more: [who({ providers: [{ jwksUri: uri.uri }] })],
  });
  fetched(plane, jwks);
  const client = await rig.openClient(plane);
  await client.send(`GET / HTTP/1.1\r\nHost: h\r\n${bearer(token())}\r\n\r\n`);
  await upstream.request();
  fetched(plane, keySetText(key, makeKey("next")));
  expect(client.peerState).toBe("open");
  fetched(plane, keySetText(makeKey("next")));
  expect((await client.readResponse()).status).toBe(401);
});
