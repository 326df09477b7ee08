/** Both sides of the codec with node:http2 on the other: a peer that nobody here wrote. */
import { randomBytes } from "node:crypto";
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { within } from "@waystone/testkit/within";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestClient, type TestClient } from "./testdata/open-test-client.ts";
import { usePeers } from "./testdata/use-peers.ts";

interface NodeAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
}

const sizes = [0, 1, 100, 8192, 8193, 16_384, 65_535, 65_537, 1_000_000];

describe("a client of Node's", () => {
  const peers = usePeers();
  let session: ClientHttp2Session | undefined;
  afterEach(() => session?.destroy());

  async function open(options?: Parameters<typeof peers.server>[0]): Promise<ClientHttp2Session> {
    const server = await peers.server(options);
    session = connect(`http://127.0.0.1:${server.port}`);
    return session;
  }

  test.for(sizes)("gets %i bytes back as it sent them", async (size) => {
    const body = randomBytes(size);
    const answer = await askNode(await open(), { ":method": "POST", ":path": "/a" }, body);
    expect(answer.headers[":status"]).toBe(200);
    expect(answer.body.equals(body)).toBe(true);
  });

  test("sends and gets trailers", async () => {
    const answer = await askNode(await open(), { ":method": "POST" }, Buffer.from("x"), { checksum: "abc" });
    expect(answer.trailers["checksum"]).toBe("abc");
  });

  test("asks 1,000 times on one connection, 50 at a time", async () => {
    const opened = await open();
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          const body = Buffer.from(`${round}.${i}`);
          return (
            await askNode(opened, { ":method": "POST", ":path": `/${i}`, "x-round": round }, body)
          ).body.toString();
        }),
      );
      expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => `${round}.${i}`));
    }
  });

  test("hears of a GOAWAY, and what it has under way is answered", async () => {
    const server = await peers.server();
    session = connect(`http://127.0.0.1:${server.port}`);
    await askNode(session, {}, Buffer.alloc(0));
    const gone = new Promise((resolve) => session!.once("goaway", resolve));
    const closed = new Promise((resolve) => session!.once("close", resolve));
    for (const connection of server.connections) connection.drain();
    await within(gone, "GOAWAY");
    await within(closed, "the session's end");
  });

  test("its PING is answered", async () => {
    const opened = await open();
    await askNode(opened, {}, Buffer.alloc(0));
    await within(
      new Promise<void>((resolve, reject) =>
        opened.ping((error) => (error === null ? resolve() : reject(error))),
      ),
      "a PING",
    );
  });
});

async function askNode(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: Buffer,
  trailers?: OutgoingHttpHeaders,
): Promise<NodeAnswer> {
  const stream = session.request(headers, { waitForTrailers: trailers !== undefined, endStream: false });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers!));
  const pieces: Buffer[] = [];
  let answered: IncomingHttpHeaders = {};
  let trailing: IncomingHttpHeaders = {};
  stream.on("response", (headers) => (answered = headers));
  stream.on("trailers", (headers) => (trailing = headers));
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  const over = new Promise<void>((resolve, reject) => {
    stream.once("end", resolve);
    stream.once("error", reject);
  });
  stream.end(body);
  await within(over, "the answer");
  return { headers: answered, body: Buffer.concat(pieces), trailers: trailing };
}

describe("a server of Node's", () => {
  let server: Http2Server;
  let client: TestClient;
  beforeEach(async () => {
    server = createServer({ settings: { maxConcurrentStreams: 50 } });
    server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      const pieces: Buffer[] = [];
      stream.on("error", () => {});
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        if (headers[":path"] === "/hints") stream.additionalHeaders({ ":status": 103, link: "</a>" });
        if (headers[":path"] === "/reset") return stream.close(2);
        const wantsTrailers = headers[":path"] === "/trailers";
        stream.respond(
          { ":status": 200, "x-method": headers[":method"] ?? "" },
          { waitForTrailers: wantsTrailers },
        );
        stream.on("wantTrailers", () => stream.sendTrailers({ checksum: "abc" }));
        stream.end(Buffer.concat(pieces));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    client = await openTestClient((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    client.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test.for(sizes)("echoes %i bytes", async (size) => {
    const body = randomBytes(size);
    const answer = await client.ask({ method: "POST" }, body).over();
    expect([answer.state, answer.status]).toEqual(["whole", 200]);
    expect(answer.body.equals(body)).toBe(true);
  });

  test("sends trailers and 1xx", async () => {
    const trailers = await client.ask({ target: "/trailers" }).over();
    expect(trailers.trailers).toEqual([["checksum", "abc"]]);
    const hints = await client.ask({ target: "/hints" }).over();
    expect([hints.informational, hints.status]).toEqual([[103], 200]);
  });

  test("resets a stream, and answers the next", async () => {
    const reset = await client.ask({ target: "/reset" }).over();
    expect(reset.state).toBe("upstream-reset: stream reset: INTERNAL_ERROR");
    expect((await client.ask().over()).state).toBe("whole");
  });

  test("is asked 1,000 times, as many at a time as it allows", async () => {
    const answers = [];
    for (let asked = 0; asked < 1000; ) {
      while (client.connection.capacity > 0 && asked < 1000)
        answers.push(client.ask({ target: `/${asked++}` }));
      await answers.at(-1)!.over();
    }
    for (const answer of answers) expect((await answer.over()).status).toBe(200);
    expect(client.state()).toBe("open");
  });

  test("goes, and what is under way is answered", async () => {
    const answer = client.ask({ method: "POST", bodyLength: -1 });
    answer.stream?.sendData(Buffer.from("x"));
    await client.ask().over();
    server.close();
    answer.stream?.sendEnd(undefined);
    expect((await answer.over()).state).toBe("whole");
  });
});
