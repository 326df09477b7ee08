/**
 * One connection full of noise, against either side of the codec: whatever comes, nothing throws, nothing takes 100 ms, what is
 * held stays bounded, and no request is whole that its client did not end. For tests and for `npm run fuzz`.
 */
import assert from "node:assert/strict";
import { type Rng, seededRng, systemRng } from "@waystone/base/rng";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { Deadlines } from "../../../listener/deadlines.ts";
import { ReadBuffers, SocketReader } from "../../../listener/socket-reader.ts";
import { defaultSettings } from "../../../settings.ts";
import { dialledBy } from "../../../upstream/dial-plain.ts";
import type { HeaderBlock } from "../../header-block.ts";
import type { DownstreamStream, RequestSink, Taken } from "../../stream.ts";
import { ClientConnection } from "../client-connection.ts";
import { Http2Context } from "../http2-context.ts";
import { defaultHttp2Settings } from "../http2-settings.ts";
import { ServerConnection } from "../server-connection.ts";
import { END_STREAM, type Fields, get, magic, post, readFrames, settings } from "./frames.ts";
import { MemorySocket } from "./memory-socket.ts";
import { Noise } from "./noise.ts";
import { Answer, outgoing } from "./open-test-client.ts";
import { plainAnswer } from "./open-test-server.ts";

const clock = new ManualClock();
const context = new Http2Context({
  clock,
  rng: systemRng,
  deadlines: new Deadlines(clock),
  limits: defaultSettings.limits,
  timeouts: defaultSettings.timeouts,
  settings: defaultHttp2Settings,
});
const buffers = new ReadBuffers();

/** That the noise gets anywhere at all. */
export const fuzzTally: { served: number; whole: number; answered: number } = { served: 0, whole: 0, answered: 0 };

/** Holds the rules of the seam: bytes before the end, one end, nothing after it. */
class StrictSink implements RequestSink {
  readonly #stream: DownstreamStream;
  readonly #rng: Rng;
  isOver = false;
  isWhole = false;

  constructor(stream: DownstreamStream, rng: Rng) {
    this.#stream = stream;
    this.#rng = rng;
  }

  onRequestData(bytes: Buffer): Taken {
    assert.equal(this.isOver, false);
    assert.ok(bytes.length > 0);
    if (this.#rng.next() < 0.2) this.#stream.pauseRequest();
    if (this.#rng.next() < 0.2) this.#answer();
    return "done";
  }

  onRequestEnd(_trailers: HeaderBlock | undefined): void {
    assert.equal(this.isOver, false);
    this.isOver = true;
    this.isWhole = true;
    this.#stream.resumeRequest();
    if (this.#rng.next() < 0.8) this.#answer();
  }

  onRequestAborted(): void {
    assert.equal(this.isOver && !this.isWhole, false);
    this.isOver = true;
  }

  #answer(): void {
    this.isOver = true;
    if (this.#rng.next() < 0.1) return this.#stream.reset();
    const body = Buffer.alloc(Math.floor(this.#rng.next() * 20_000));
    this.#stream.sendHead(plainAnswer(200, body.length, "Server: x\r\n"));
    if (body.length > 0) this.#stream.sendData(body);
    this.#stream.sendEnd(undefined);
  }

  onDownstreamDrain(): void {}
  onRequestFlush(): void {}
}

/** Feeds the bytes in pieces, as lent memory that is overwritten afterwards. */
function feed(
  target: { onBytes(bytes: Buffer, length: number, isShared: boolean): string },
  all: Buffer,
  noise: Noise,
): void {
  for (let at = 0; at < all.length; ) {
    const length = Math.min(all.length - at, 1 + noise.below(200));
    const lent = Buffer.from(all.subarray(at, at + length));
    const before = process.threadCpuUsage();
    const became = target.onBytes(lent, length, noise.below(2) === 0);
    const { user, system } = process.threadCpuUsage(before);
    assert.ok(user + system < 100_000, `${user + system} is not under 100_000`);
    if (became === "used") lent.fill(0xdd);
    at += length;
  }
}

function fuzzServer(seed: number): void {
  const rng = seededRng(seed);
  const noise = new Noise(rng);
  const socket = new MemorySocket();
  socket.isStuck = noise.below(4) === 0;
  const sinks: StrictSink[] = [];
  const connection = new ServerConnection({
    context,
    socket,
    reader: new SocketReader(buffers),
    peerAddress: "127.0.0.1",
    peerPort: 1,
    localAddress: "127.0.0.1",
    serve(stream) {
      const sink = new StrictSink(stream, rng);
      sinks.push(sink);
      return sink;
    },
    onRefused: () => {},
    onClosed: () => {},
  });
  const said = [magic, settings()];
  for (let i = 2 + noise.below(12); i > 0; i--) said.push(noise.frame(noise.pick([get, post])));
  const bytes = noise.mutate(Buffer.concat(said));
  feed(connection, bytes, noise);
  if (noise.below(3) === 0) connection.drain();
  context.turn.flushAll();
  assert.ok(connection.streams.size <= 100, `${connection.streams.size} streams are open`);
  // Whatever we said are whole frames.
  assert.equal(readFrames(socket.bytes).rest.length, 0);
  const ends = readFrames(bytes.subarray(magic.length)).frames.filter(
    ({ type, flags }) => (type === "DATA" || type === "HEADERS") && (flags & END_STREAM) !== 0,
  );
  const whole = sinks.filter(({ isWhole }) => isWhole).length;
  assert.ok(whole <= ends.length, `${whole} is over ${ends.length}`);
  fuzzTally.served += sinks.length;
  fuzzTally.whole += whole;
  connection.destroy();
  for (const sink of sinks) assert.equal(sink.isOver, true);
}

function fuzzClient(seed: number): void {
  const rng = seededRng(seed);
  const noise = new Noise(rng);
  const socket = new MemorySocket();
  const connection = new ClientConnection({
    context,
    dial: () => dialledBy(socket),
    buffers,
    onConnected: () => {},
    onCapacity: () => {},
    onClosed: () => {},
  });
  socket.emit("connect");
  const answers = [new Answer(), new Answer()];
  for (const answer of answers) {
    answer.stream = connection.begin(answer);
    answer.stream.sendHead(outgoing({ method: "POST", bodyLength: -1 }));
    answer.stream.sendData(Buffer.alloc(noise.below(5000)));
    if (noise.below(2) === 0) answer.stream.sendEnd(undefined);
  }
  const said = [settings()];
  const ok: Fields = [[":status", noise.pick(["200", "204", "103", "500", "2x0"])]];
  for (let i = 2 + noise.below(6); i > 0; i--) said.push(noise.frame(noise.pick([ok, ok, [["t", "u"]]])));
  feed(connection, noise.mutate(Buffer.concat(said)), noise);
  context.turn.flushAll();
  assert.equal(readFrames(socket.bytes.subarray(magic.length)).rest.length, 0);
  connection.destroy();
  fuzzTally.answered += answers.filter(({ state }) => state === "whole").length;
  for (const answer of answers) if (answer.state === "open") assert.equal(answer.stream?.isClosed, true);
}

/** A quarter of the seeds are of the client's side. */
export function fuzzConnection(seed: number): void {
  if (seed % 4 === 0) fuzzClient(seed);
  else fuzzServer(seed);
}
