/** A mistake of ours that shows only when a turn's frames are written (listener/connection-faults.ts) costs one connection. */
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import type { DownstreamStream } from "../stream.ts";
import { get, headers } from "./testdata/frames.ts";
import { plainAnswer, SilentSink, type TestServer } from "./testdata/open-test-server.ts";
import type { RawPeer } from "./testdata/raw-peer.ts";
import { usePeers } from "./testdata/use-peers.ts";

const peers = usePeers();

interface Place {
  readonly server: TestServer;
  readonly faults: unknown[];
  /** Of the clients' requests, in their order. */
  readonly streams: DownstreamStream[];
  readonly clients: readonly RawPeer[];
}

/** A request of each client waits for its answer. */
async function openPlace(count: number): Promise<Place> {
  const faults: unknown[] = [];
  const streams: DownstreamStream[] = [];
  const server = await peers.server({
    onFault: (error) => faults.push(error),
    serve: (seen, stream) => {
      streams.push(stream);
      return new SilentSink(seen, stream);
    },
  });
  const clients: RawPeer[] = [];
  for (let i = 0; i < count; i++) {
    const client = await peers.peer(server);
    clients.push(client);
    client.send(headers(1, get));
    await until(() => streams.length === clients.length, "the request is served");
  }
  return { server, faults, streams, clients };
}

function answer(stream: DownstreamStream): void {
  stream.sendHead(plainAnswer(204, 0));
  stream.sendEnd(undefined);
}

/** What no socket takes, among the frames of a connection. */
function spoil({ server }: Place, at: number): void {
  const { output } = [...server.connections][at]!;
  output.reserve(1);
  output.append({ length: 1 } as unknown as Buffer);
}

test("the connection whose frames cannot be written is cut and told of once; the others of the turn are written", async () => {
  const place = await openPlace(3);
  const { server, streams, clients, faults } = place;
  // All in one turn.
  answer(streams[0]!);
  answer(streams[1]!);
  spoil(place, 1);
  answer(streams[2]!);
  await clients[1]!.untilOver();
  for (const client of [clients[0]!, clients[2]!]) await client.frame("HEADERS", 1);
  await until(() => server.connections.size === 2, "the connection is let go");
  expect([faults.length, faults[0]]).toEqual([1, expect.any(TypeError)]);
  expect([clients[0]!.state, clients[2]!.state]).toEqual(["open", "open"]);
});

test("turns go on: what is said after it is written", async () => {
  const place = await openPlace(2);
  const { server, streams, clients, faults } = place;
  spoil(place, 0);
  await clients[0]!.untilOver();
  answer(streams[1]!);
  await clients[1]!.frame("HEADERS", 1);
  const fresh = await peers.peer(server);
  fresh.send(headers(1, get));
  await until(() => streams.length === 3, "a new connection's request is served");
  answer(streams[2]!);
  await fresh.frame("HEADERS", 1);
  expect(faults.length).toBe(1);
});
