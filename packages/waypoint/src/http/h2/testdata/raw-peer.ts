/** The other end of a connection, frame by frame: says what a test says, records what it hears. */
import { connect, createServer, type Socket } from "node:net";
import { until, within } from "@waystone/testkit/within";
import { HpackDecoder } from "../hpack/decoder.ts";
import { decodeFields, type FieldPair } from "./decode-fields.ts";
import { describeFrame, type Frame, magic, readFrames, settings, type TypeName } from "./frames.ts";

export class RawPeer {
  readonly frames: Frame[] = [];
  /** "reset" is never right where something was said last. */
  state: "open" | "ended" | "reset" = "open";
  readonly socket: Socket;
  readonly #decoder = new HpackDecoder(4096);
  #rest: Buffer = Buffer.alloc(0);
  #skip: number;

  /** `skip`: bytes before the first frame. */
  constructor(socket: Socket, skip = 0) {
    this.socket = socket;
    this.#skip = skip;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => this.#onBytes(bytes));
    socket.on("end", () => {
      if (this.state === "open") this.state = "ended";
    });
    socket.on("error", () => {
      if (this.state === "open") this.state = "reset";
    });
  }

  #onBytes(bytes: Buffer): void {
    const all = Buffer.concat([this.#rest, bytes]);
    const skipped = Math.min(this.#skip, all.length);
    this.#skip -= skipped;
    const { frames, rest } = readFrames(all.subarray(skipped));
    this.frames.push(...frames);
    this.#rest = Buffer.from(rest);
  }

  send(...parts: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  /** What came so far, without SETTINGS, PING and the connection's WINDOW_UPDATE. */
  get story(): string[] {
    return this.frames
      .map(describeFrame)
      .filter((text) => !/^(?:SETTINGS|PING|WINDOW_UPDATE 0 )/.test(text));
  }

  /** Waits for such a frame, from the beginning of the connection on. */
  async frame(type: TypeName, streamId?: number): Promise<Frame> {
    const isIt = (frame: Frame): boolean =>
      frame.type === type && (streamId === undefined || frame.streamId === streamId);
    await until(
      () => this.frames.some(isIt) || this.state !== "open",
      `${type} on ${streamId ?? "any stream"} comes; so far: ${this.story.join(", ")}`,
    );
    const found = this.frames.find(isIt);
    if (found === undefined) throw new Error(`${this.state} before ${type}: ${this.story.join(", ")}`);
    return found;
  }

  async untilStory(text: string): Promise<void> {
    await until(() => this.story.includes(text), `"${text}"; so far: ${this.story.join(", ")}`);
  }

  async untilOver(): Promise<void> {
    await until(() => this.state !== "open", `the connection is over; so far: ${this.story.join(", ")}`);
  }

  /** A round trip: whatever was sent before has been dealt with. */
  async settle(): Promise<void> {
    const before = this.#pongs();
    this.send(Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]));
    await until(() => this.#pongs() > before || this.state !== "open", "a PING is answered");
  }

  #pongs(): number {
    return this.frames.filter((frame) => describeFrame(frame) === "PING ACK").length;
  }

  /** Fields of header blocks, each of which must be asked for once, in order. */
  fields(frame: Frame): readonly FieldPair[] {
    return decodeFields(this.#decoder, frame.payload).fields;
  }

  /** All DATA of a stream. */
  body(streamId: number): Buffer {
    return Buffer.concat(
      this.frames.filter(({ type, streamId: id }) => type === "DATA" && id === streamId).map((f) => f.payload),
    );
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A client that has said nothing yet. */
export async function openMutePeer(port: number): Promise<RawPeer> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  await within(new Promise((resolve) => socket.once("connect", resolve)), "a connection");
  return new RawPeer(socket);
}

/** A client that has introduced itself. */
export async function openPeer(
  port: number,
  ...pairs: readonly (readonly [id: number, value: number])[]
): Promise<RawPeer> {
  const peer = await openMutePeer(port);
  peer.send(magic, settings(...pairs));
  return peer;
}

export interface PeerServer {
  readonly port: number;
  /** The next connection, which has heard nothing of our side yet. */
  accept(): Promise<RawPeer>;
  close(): Promise<void>;
}

/** The server's end, for a client connection of the codec. */
export async function openPeerServer(): Promise<PeerServer> {
  const waiting: RawPeer[] = [];
  const peers: RawPeer[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const peer = new RawPeer(socket, magic.length);
    waiting.push(peer);
    peers.push(peer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async accept() {
      await until(() => waiting.length > 0, "a connection comes");
      return waiting.shift()!;
    },
    async close() {
      for (const peer of peers) peer.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
