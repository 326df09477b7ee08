/**
 * A large message and a long stream of gRPC cost the waypoint no memory [R09]: what its threads still hold after a collection is
 * asked in the middle of them, as long as they stand still, so neither garbage nor the machine's speed plays a part.
 */
import { freePort } from "@waystone/testkit/free-port";
import { until, within } from "@waystone/testkit/within";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LiveHeap } from "../../soak/live-heap.ts";
import { writePiece } from "../harness/blob.ts";
import { type GrpcGoServer, startGrpcGo } from "../harness/grpc-go-server.ts";
import { GrpcJsCaller } from "../harness/grpc-js-client.ts";
import { openSession, readAnswer } from "../harness/node-client.ts";
import { inspected, type RunningWaystone, startWaystone } from "../harness/waystone.ts";

const mebibyte = 1024 * 1024;
const large = 100 * mebibyte;
const half = large / 2;

let endpoint: GrpcGoServer;
let waystone: RunningWaystone;
let heap: LiveHeap;

beforeAll(async () => {
  endpoint = await startGrpcGo({ host: "127.0.0.1", port: await freePort() });
  const service = { name: "api", appProtocol: "grpc", endpointPort: endpoint.address.port } as const;
  waystone = await startWaystone([service], () => [], {}, inspected);
  heap = await waystone.openLiveHeap();
});

afterAll(async () => {
  heap.close();
  await waystone.stop();
  await endpoint.stop();
});

test("[R09] a message of 100 MB, when half of it has gone there, and when half of it has come back", async () => {
  const session = openSession(waystone.at("api"));
  const headers = { ":method": "POST", ":path": "/peers.Echo/Unary", "content-type": "application/grpc" };
  const stream = session.request({ ...headers, te: "trailers" }, { endStream: false });
  const answer = readAnswer(stream);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(large, 1);
  stream.write(prefix);
  const piece = Buffer.alloc(mebibyte, "x");
  await writePiece(stream, piece, undefined);
  expect(heap.threads).toBe(2);
  const before = await heap.bytes();
  for (let written = mebibyte; written < half; written += mebibyte)
    await writePiece(stream, piece, undefined);
  const there = await heap.bytes();
  for (let written = half; written < large; written += mebibyte) await writePiece(stream, piece, undefined);
  stream.end();

  let received = 0;
  const halfWay = Promise.withResolvers<void>();
  stream.on("data", (piece: Buffer) => {
    const isHalf = received < half && received + piece.length >= half;
    received += piece.length;
    if (!isHalf) return;
    stream.pause();
    halfWay.resolve();
  });
  await within(halfWay.promise, "half of the answer");
  const back = await heap.bytes();
  stream.resume();
  const { bytes, trailers, resetCode } = await within(answer, "the end of the answer");
  session.destroy();
  expect([bytes, trailers["grpc-status"], resetCode]).toEqual([large + prefix.length, "0", 0]);
  expect((there - before) / mebibyte).toBeLessThan(4);
  expect((back - before) / mebibyte).toBeLessThan(4);
});

test("[R09] a stream of 10,000 turns, whose messages are counted while it goes on", async () => {
  const caller = new GrpcJsCaller(waystone.at("api"));
  const counted = async (): Promise<number> =>
    await waystone.metric("istio_response_messages_total", { destination_service_name: "api" });
  const before = await counted();
  let [turns, isOver] = [0, false];
  const chat = caller.chat(Number.POSITIVE_INFINITY, 1000, (count) => {
    turns = count;
    return isOver;
  });
  await until(() => turns > 1000, "a thousand turns");
  const early = await heap.bytes();
  await until(async () => (await counted()) > before + 1000, "a thousand messages are counted");
  await until(() => turns > 11_000, "ten thousand turns more");
  const late = await heap.bytes();
  isOver = true;
  const ended = await within(chat, "the end of the stream");
  caller.close();
  expect(ended.code).toBe("OK");
  expect(await counted()).toBe(before + ended.turns);
  expect((late - early) / mebibyte).toBeLessThan(2);
});
