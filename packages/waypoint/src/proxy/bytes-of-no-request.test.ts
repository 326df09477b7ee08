/**
 * Bytes behind the end of a request: a tunnel's, or of one that was refused. They are no body, and nobody who was sent the
 * request, or a copy of it, gets them. Each of these ended the worker, as more body than the request had declared.
 */
import type { ServerHttp2Stream } from "node:http2";
import { until } from "@waystone/testkit/within";
import { expect, onTestFinished, test } from "vitest";
import { END_HEADERS, frame, get, headers } from "../http/h2/testdata/frames.ts";
import { openPeer } from "../http/h2/testdata/raw-peer.ts";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();

const upgradeRequest =
  "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

test.for(["http", "http2"] as const)(
  "what passes through a tunnel is not mirrored over %s",
  async (protocol) => {
    const main = await rig.openUpstream({
      answer: () => "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    });
    const copied: string[] = [];
    // It never answers, so that its stream stays open.
    const http1 = await rig.openUpstream({ answer: () => undefined });
    const http2 = await peers.endpoint((stream) => {
      copied.push("a request");
      stream.on("data", (bytes: Buffer) => copied.push(bytes.toString()));
    });
    const plane = await rig.openPlane({
      upstreams: [main],
      more: [
        serviceResource("shop", "copy", 80, { protocol }),
        sliceResource("shop", "copy", [protocol === "http" ? `127.0.0.1:${http1.port}` : http2.key]),
      ],
      rules: [
        {
          filters: [
            {
              requestMirror: {
                backend: { service: "shop/copy", port: 80, weight: 1 },
                numerator: 1,
                denominator: 1,
              },
            },
          ],
          backends: [{ service: "shop/web", port: 80, weight: 1 }],
        },
      ],
    });
    const client = await rig.openClient(plane);
    await client.send(upgradeRequest);
    const server = await main.connection();
    await until(() => copied.length + http1.requests.length === 1, "the request is mirrored");
    for (const word of ["secret", " words"]) {
      await client.send(word);
      await until(() => server.bytes.toString().endsWith(word), "the endpoint has it");
    }
    client.halfClose();
    await server.untilEnd();
    expect([...copied, ...http1.requests.map(({ body }) => `a request${body.toString()}`)]).toEqual([
      "a request",
    ]);
    expect(http1.connections.flatMap(({ error }) => error ?? [])).toEqual([]);
  },
);

test("what a client says on a tunnel that was refused goes nowhere, and the refusal's body comes whole", async () => {
  const asked: ServerHttp2Stream[] = [];
  const heard: string[] = [];
  // No ENABLE_CONNECT_PROTOCOL: it gets a GET.
  const endpoint = await peers.endpoint((stream) => {
    asked.push(stream);
    stream.on("data", (bytes: Buffer) => heard.push(bytes.toString()));
    stream.respond({ ":status": 404 });
    stream.write("not ");
  });
  const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
  const peer = await openPeer(plane.port);
  onTestFinished(() => peer.close());
  const tunnel = [[":method", "CONNECT"], [":protocol", "websocket"], ...get.slice(1)] as const;
  peer.send(
    headers(1, [...tunnel, ["sec-websocket-version", "13"]], END_HEADERS),
    frame("DATA", 0, 1, "early"),
  );
  await until(() => peer.body(1).toString() === "not ", "its refusal begins");
  peer.send(frame("DATA", 0, 1, "late"));
  await peer.settle();
  asked[0]!.end("found");
  await until(() => peer.body(1).toString() === "not found", "it comes whole");
  await peer.untilStory("RST_STREAM 1 NO_ERROR");
  expect(heard).toEqual([]);
  peer.close();
  await plane.lines(1);
});
