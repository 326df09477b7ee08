/**
 * A client that asks on and on and reads nothing: what it has not taken is bounded, however small its requests and however
 * large the answers (reference D05, D09). Found by reading: requests sent ahead over HTTP/1.1 went on being served, and over
 * HTTP/2 answers without a body went by every bound.
 */
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { END_HEADERS, END_STREAM, frame, get, headers, post, uint32 } from "../http/h2/testdata/frames.ts";
import { plainAnswer, SilentSink, type TestServer } from "../http/h2/testdata/open-test-server.ts";
import type { RawPeer } from "../http/h2/testdata/raw-peer.ts";
import { usePeers } from "../http/h2/testdata/use-peers.ts";
import { useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();
const peers = usePeers();

/** More than the kernel takes for a loopback connection that nobody reads from. */
const asked = 1600;
const answerBytes = 32 * 1024;

function hasEnded({ frames }: RawPeer, id: number): boolean {
  return frames.some(({ streamId, flags, type }) => {
    return streamId === id && (type === "DATA" || type === "HEADERS") && (flags & END_STREAM) !== 0;
  });
}

/** A client that reads nothing yet, of a server whose answers, but to POST, are heads of so many bytes alone. */
async function openUnread(bytes: number): Promise<{ server: TestServer; peer: RawPeer }> {
  const server = await peers.server({
    serve: (seen, stream) => {
      if (seen.method !== "POST") {
        stream.sendHead(plainAnswer(204, 0, `X-Big: ${"x".repeat(bytes)}\r\n`));
        stream.sendEnd(undefined);
      }
      return new SilentSink(seen, stream);
    },
  });
  const peer = await peers.peer(server);
  await peer.settle();
  peer.socket.pause();
  return { server, peer };
}

/** Until so many round trips of somebody else's have gone by without another. */
async function untilItStands(count: () => number, roundTrip: () => Promise<unknown>): Promise<void> {
  for (let quiet = 0, before = count(); quiet < 20; quiet++) {
    await roundTrip();
    if (count() !== before) [quiet, before] = [0, count()];
    if (before >= asked) return;
  }
}

test("[D09] requests sent ahead are not served while the answers before them wait to be read", async () => {
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${answerBytes}\r\n\r\n${"x".repeat(answerBytes)}`;
  const upstream = await rig.openUpstream({ answer: () => answer });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const greedy = await rig.openClient(plane);
  greedy.socket.pause();
  await greedy.send("GET /greedy HTTP/1.1\r\nHost: web.shop\r\n\r\n".repeat(asked));
  const served = (): number => upstream.requests.filter(({ target }) => target === "/greedy").length;
  await until(() => served() > 0, "it is served");
  await untilItStands(served, async () => {
    const other = await openRawClient({ port: plane.port });
    await other.send("GET / HTTP/1.1\r\nHost: web.shop\r\nConnection: close\r\n\r\n");
    await other.readResponse();
    other.close();
  });
  expect(served()).toBeLessThan(asked / 2);
  // Once it reads, it gets all that it asked for. Counted as it comes: put together it is 50 MB.
  let received = 0;
  greedy.socket.on("data", (piece: Buffer) => (received += piece.length));
  greedy.socket.resume();
  await until(() => received === asked * answer.length, "all of it has come");
});

test("[D04] answers without a body are no way around the number of streams: who reads none is cut off", async () => {
  const { server, peer } = await openUnread(8000);
  let sent = 0;
  for (; server.connections.size > 0 && sent < 10_000; sent += 100) {
    peer.send(...Array.from({ length: 100 }, (_, more) => headers(2 * (sent + more) + 1, get)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => peer.socket.writableLength === 0 || server.connections.size === 0, "all is sent");
  const other = await peers.peer(server);
  await other.settle();
  expect(server.requests.length).toBeLessThan(5000);
  peer.socket.resume();
  await peer.untilOver();
  expect(peer.story.at(-1)).toBe("GOAWAY ENHANCE_YOUR_CALM");
});

test("[D04] neither are resets: a client whose answers lie unread may not cancel them to ask for more", async () => {
  const { server, peer } = await openUnread(60_000);
  peer.send(headers(1, post, END_HEADERS));
  await until(() => server.requests.length === 1, "a request that is never whole");
  const isCut = (): boolean => server.requests[0]!.state !== "open";
  let reset = 0;
  for (; !isCut() && reset < 900; reset++) {
    const id = 2 * reset + 3;
    peer.send(headers(id, get));
    await until(() => isCut() || server.requests.length > reset + 1, "it is answered, or no more is");
    peer.send(frame("RST_STREAM", 0, id, uint32(8)));
  }
  // What the kernel takes for a connection that nobody reads from is some megabytes.
  expect(reset).toBeLessThan(500);
  expect(server.requests[0]!.state).toBe("bad-request");
});

test("a client that reads late gets the answers of all its streams, those without a body too", async () => {
  const { server, peer } = await openUnread(60_000);
  const ids = Array.from({ length: 100 }, (_, at) => 2 * at + 1);
  peer.send(...ids.map((id) => headers(id, get)));
  await until(() => server.requests.length === 100, "all are asked for");
  peer.socket.resume();
  await until(() => ids.every((id) => hasEnded(peer, id)), "all are answered");
  peer.send(headers(201, get, END_HEADERS | END_STREAM));
  await until(() => hasEnded(peer, 201), "and the next one");
});

test("[D01] streams that are given up before their answers are taken leave nothing behind on their connection", async () => {
  const server = await peers.server({
    serve: (seen, stream) => {
      stream.sendHead(plainAnswer(200, answerBytes));
      stream.sendData(Buffer.alloc(answerBytes, "x"));
      stream.sendEnd(undefined);
      return new SilentSink(seen, stream);
    },
  });
  // Its window of 64 KiB is all that it ever gives.
  const peer = await peers.peer(server);
  await peer.settle();
  for (let round = 0; round < 8; round++) {
    const ids = Array.from({ length: 80 }, (_, at) => 2 * (80 * round + at) + 1);
    peer.send(...ids.map((id) => headers(id, get)));
    await peer.settle();
    peer.send(...ids.map((id) => frame("RST_STREAM", 0, id, uint32(8))));
    await peer.settle();
  }
  expect(server.requests.length).toBe(640);
  const [connection] = server.connections;
  expect([connection?.streams.size, connection?.sendFlow.waiting]).toEqual([0, 0]);
});
