/**
 * Both sides of the codec joined, with node:http2 at either end: bodies of any size under any windows come through whole,
 * resets reach the other end, nobody waits for ever, and nothing is left behind.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  createServer,
  type Http2Server,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { seededRng } from "@waystone/base/rng";
import { until, within } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import { Known } from "../known-headers.ts";
import { droppedTable, plainDropped } from "../dropped-headers.ts";
import type { HeaderBlock } from "../header-block.ts";
import type { RequestHead, ResponseHead } from "../message.ts";
import type { DownstreamStream, RequestSink, ResponseSink, Taken, UpstreamStream } from "../stream.ts";
import type { Http2Settings } from "./http2-settings.ts";
import { openTestClient, type TestClient } from "./testdata/open-test-client.ts";
import { openTestServer, type TestServer } from "./testdata/open-test-server.ts";

const dropped = droppedTable(Known.host);

/** An exchange that decides nothing. */
class Joint implements RequestSink, ResponseSink {
  readonly #down: DownstreamStream;
  readonly #up: UpstreamStream;

  constructor(down: DownstreamStream, client: TestClient, head: RequestHead) {
    this.#down = down;
    this.#up = client.connection.begin(this);
    this.#up.sendHead({
      method: head.method,
      target: head.target,
      authority: head.authority,
      block: head.headers,
      dropped,
      connectionNames: undefined,
      modifiers: [],
      added: "X-Forwarded-For: 127.0.0.1\r\n",
      bodyLength: head.bodyLength,
      expectsContinue: false,
      acceptsTrailers: head.acceptsTrailers,
      forwarded: undefined,
      upgrade: "",
    });
  }

  onRequestData(bytes: Buffer): Taken {
    const taken = this.#up.sendData(bytes);
    if (taken === "full") this.#down.pauseRequest();
    return taken;
  }

  onRequestEnd(trailers: HeaderBlock | undefined): void {
    this.#up.sendEnd(trailers);
  }

  onRequestAborted(): void {
    this.#up.cancel();
  }

  onDownstreamDrain(): void {
    this.#up.resumeResponse();
  }

  onRequestFlush(): void {}

  onInformational(head: ResponseHead): void {
    this.#down.sendInformational(head);
  }

  onResponseHead(head: ResponseHead): void {
    this.#down.sendHead({
      status: head.status,
      reason: head.reason,
      block: head.headers,
      dropped: plainDropped,
      connectionNames: undefined,
      modifiers: [],
      added: "",
      bodyLength: head.bodyLength,
      close: false,
      upgrade: "",
    });
  }

  onResponseData(bytes: Buffer): Taken {
    const taken = this.#down.sendData(bytes);
    if (taken === "full") this.#up.pauseResponse();
    return taken;
  }

  onResponseEnd(trailers: HeaderBlock | undefined): void {
    this.#down.sendEnd(trailers);
  }

  onUpstreamError(): void {
    this.#down.reset();
  }

  onUpstreamDrain(): void {
    this.#down.resumeRequest();
  }

  onResponseFlush(): void {}
}

interface Chain {
  readonly session: ClientHttp2Session;
  readonly backend: Http2Server;
  readonly middle: TestServer;
  readonly client: TestClient;
}

const chains: Chain[] = [];
afterEach(async () => {
  for (const { session, backend, middle, client } of chains.splice(0)) {
    session.destroy();
    client.close();
    await middle.close();
    await new Promise((resolve) => backend.close(resolve));
  }
});

interface ChainOptions {
  readonly onStream: (stream: ServerHttp2Stream, headers: Record<string, unknown>) => void;
  readonly settings?: Partial<Http2Settings>;
  /** Of both of Node's ends. */
  readonly window?: number;
}

async function openChain({ onStream, settings = {}, window = 65_535 }: ChainOptions): Promise<Chain> {
  const backend = createServer({
    maxSessionMemory: 100,
    settings: { initialWindowSize: window, maxConcurrentStreams: 200 },
  });
  backend.on("stream", (stream: ServerHttp2Stream, headers: Record<string, unknown>) => {
    stream.on("error", () => {});
    onStream(stream, headers);
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  const client = await openTestClient((backend.address() as AddressInfo).port, { settings });
  const middle = await openTestServer({
    settings,
    serve: (_, stream, head) => new Joint(stream, client, head),
  });
  const session = connectHttp2(`http://127.0.0.1:${middle.port}`, {
    maxSessionMemory: 100,
    settings: { initialWindowSize: window },
  });
  session.on("error", () => {});
  chains.push({ session, backend, middle, client });
  return chains.at(-1)!;
}

function echo(stream: ServerHttp2Stream): void {
  stream.respond({ ":status": 200 }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ checksum: "end" }));
  stream.pipe(stream);
}

interface Came {
  readonly hash: string;
  readonly length: number;
  readonly checksum: unknown;
}

const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

async function askFor(session: ClientHttp2Session, body: Buffer): Promise<Came> {
  const stream = session.request({ ":method": "POST", te: "trailers" });
  const hash = createHash("sha256");
  let length = 0;
  let checksum: unknown;
  stream.on("data", (piece: Buffer) => {
    hash.update(piece);
    length += piece.length;
  });
  stream.on("trailers", (headers) => (checksum = headers["checksum"]));
  const over = new Promise<void>((resolve, reject) => {
    stream.once("end", resolve);
    stream.once("error", reject);
  });
  stream.end(body);
  await within(over, "the answer");
  return { hash: hash.digest("hex"), length, checksum };
}

async function untilQuiet({ middle, client }: Chain): Promise<void> {
  await until(
    () => [...middle.connections].every(({ streams }) => streams.size === 0),
    "no stream downstream",
  );
  await until(() => client.connection.isIdle, "no stream upstream");
}

describe("bodies of any size, both ways at once", () => {
  test.for([
    ["under usual windows", 65_535, {}],
    ["where Node gives 1,000 bytes of room", 1000, {}],
    ["where we give 1,000 bytes of room", 65_535, { streamWindowBytes: 1000 }],
    ["where all give little", 7, { streamWindowBytes: 11 }],
    ["where Node gives much", 10_000_000, { streamWindowBytes: 1_000_000 }],
  ] as const)("%s", async ([, window, settings]) => {
    const chain = await openChain({ onStream: echo, window, settings });
    const rng = seededRng(window);
    const largest = window < 100 ? 300 : 200_000;
    for (let round = 0; round < 3; round++) {
      const bodies = Array.from({ length: 20 }, () => randomBytes(Math.floor(rng.next() ** 3 * largest)));
      const came = await Promise.all(bodies.map(async (body) => await askFor(chain.session, body)));
      expect(came).toEqual(
        bodies.map((body) => ({ hash: hashOf(body), length: body.length, checksum: "end" })),
      );
    }
    await untilQuiet(chain);
  });

  test("20 MB each way, which nobody holds whole", async () => {
    const chain = await openChain({ onStream: echo });
    const body = randomBytes(20_000_000);
    expect(await askFor(chain.session, body)).toEqual({
      hash: hashOf(body),
      length: body.length,
      checksum: "end",
    });
    await untilQuiet(chain);
  });
});

describe("what is given up", () => {
  test("by clients, at any point, reaches the endpoint as CANCEL and leaves nothing", async () => {
    const codes: number[] = [];
    let begun = 0;
    const chain = await openChain({
      onStream(stream) {
        begun++;
        stream.on("close", () => codes.push(stream.rstCode));
        echo(stream);
      },
    });
    const rng = seededRng(5);
    for (let round = 0; round <= 40; round++) {
      const stream = chain.session.request({ ":method": "POST" });
      stream.on("error", () => {});
      stream.resume();
      stream.write(randomBytes(Math.floor(rng.next() * 50_000)));
      for (let wait = Math.floor(rng.next() * 6); wait > 0; wait--) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      // One at least is known to the endpoint: of another that is given up at once nobody need hear.
      if (round === 40) await until(() => begun > 0, "it has come to the endpoint");
      stream.close(8);
    }
    expect((await askFor(chain.session, Buffer.from("still here"))).length).toBe(10);
    await untilQuiet(chain);
    expect(new Set(codes)).toEqual(new Set([8, 0]));
  });

  test("by the endpoint, before and within its answer, is never a whole answer", async () => {
    const chain = await openChain({
      onStream(stream, headers) {
        stream.resume();
        const isWithin = headers["x-within"] === "1";
        if (isWithin) {
          stream.respond({ ":status": 200 });
          stream.write("some");
        }
        setTimeout(() => stream.destroy(new Error("given up")), 2);
      },
    });
    for (const isWithin of ["0", "1"]) {
      const stream = chain.session.request({ "x-within": isWithin });
      stream.resume();
      await within(new Promise((resolve) => stream.once("error", resolve)), "an error");
      expect(stream.rstCode).toBe(2);
    }
    await untilQuiet(chain);
  });
});
