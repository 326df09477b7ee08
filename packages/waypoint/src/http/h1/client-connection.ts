/**
 * An HTTP/1.1 connection to an endpoint: one exchange at a time, then back to the pool. An answer that leaves a doubt
 * about where it ends closes the connection and is an error for its exchange; bytes that nobody asked for close it too, so
 * no answer can ever be taken for that of the next request.
 */
import type { Socket } from "node:net";
import { resetSocket } from "../../listener/reset-socket.ts";
import { type BytesTarget, type ReadBuffers, SocketReader } from "../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import type { Limits } from "../../settings.ts";
import type { ConnectFailure } from "../../upstream/connect-failure.ts";
import { describeTlsFailure, isTlsAlert } from "../../upstream/describe-tls-failure.ts";
import type { Dialled } from "../../upstream/dial.ts";
import { noCloseNotify } from "../../upstream/tls-end.ts";
import type { HeaderBlock } from "../header-block.ts";
import { ResponseHead, unknownLength } from "../message.ts";
import type { OutgoingRequest } from "../outgoing.ts";
import type { ResponseSink, Taken, UpstreamConnection, UpstreamStream } from "../stream.ts";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import { HeadBuffer } from "./head-buffer.ts";
import { HeadScanner } from "./head-scanner.ts";
import { copyLimit, MessageWriter } from "./message-writer.ts";
import { keepAliveSeconds, parseResponseHead, type ParsedResponse } from "./response-head.ts";
import { serializeRequestHead, serializeTrailers } from "./serialize-head.ts";

export interface ClientConnectionOptions {
  /** Opens the socket, reading as the reader says. */
  readonly dial: (reader: SocketReader) => Dialled;
  readonly limits: Limits;
  readonly buffers: ReadBuffers;
  readonly onConnected: (connection: ClientConnection) => void;
  /** The exchange is over and the connection may serve another. */
  readonly onIdle: (connection: ClientConnection) => void;
  /** It is the exchange's alone now, for as long as that likes. */
  readonly onTunnel: (connection: ClientConnection) => void;
  /** The exchange is over; the connection closes when its last bytes are out. */
  readonly onFinishing: (connection: ClientConnection) => void;
  readonly onClosed: (connection: ClientConnection, failure: ConnectFailure | undefined) => void;
}

type State = "connecting" | "idle" | "head" | "body" | "tunnel" | "closed";

/** 1xx answers before the final one: a server that sends more is not waited for. */
const informationalLimit = 16;

export class ClientConnection implements UpstreamConnection, UpstreamStream, BytesTarget {
  /** Exchanges begun so far. */
  uses = 0;
  /** When it became idle (Clock.now), and for how long the peer says it keeps it; the pool's. */
  idleSince = 0;
  peerKeepsMs: number | undefined = undefined;
  /** HTTP/1.1 has no word for it. */
  readonly isUnprocessed = false;
  readonly resetCode = -1;
  readonly #options: ClientConnectionOptions;
  readonly #reader: SocketReader;
  readonly #dialled: Dialled;
  readonly #socket: Socket;
  readonly #writer: MessageWriter;
  readonly #head = new ResponseHead();
  readonly #scanner: HeadScanner;
  readonly #waiting = new HeadBuffer();
  #state: State = "connecting";
  #sink: ResponseSink | undefined = undefined;
  #method = "";
  #upgrade = "";
  #parsed: ParsedResponse | undefined = undefined;
  #decoder: ChunkedDecoder | undefined = undefined;
  #left = 0;
  /** Of the bytes that are being worked through. */
  #end = 0;
  #requestEnded = false;
  #inHead = false;
  #informational = 0;
  #answerBegun = false;
  #kept = false;
  #error: NodeJS.ErrnoException | undefined = undefined;

  constructor(options: ClientConnectionOptions) {
    this.#options = options;
    const { headerBytes, headerCount } = options.limits;
    this.#scanner = new HeadScanner({ headerBytes, headerCount, startLineBytes: 1024 }, this.#head.headers);
    this.#reader = new SocketReader(options.buffers);
    this.#reader.target = this;
    this.#dialled = options.dial(this.#reader);
    this.#socket = this.#dialled.socket;
    this.#writer = new MessageWriter(this.#socket);
    this.#attach(this.#socket);
  }

  #attach(socket: Socket): void {
    this.#dialled.onOpen = () => {
      this.#state = "idle";
      this.#options.onConnected(this);
    };
    socket.on("end", () => this.#onEnd());
    socket.on("drain", () => this.#sink?.onUpstreamDrain());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#error = error;
    });
    socket.on("close", () => this.#onClose());
  }

  get isIdle(): boolean {
    return this.#state === "idle";
  }

  /** No byte of an answer has come for the exchange that is on it. */
  get isUnanswered(): boolean {
    return !this.#answerBegun;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  // ---- to the endpoint ----------------------------------------------------------------------------------------------

  /** Before sendHead: whose exchange this is. */
  begin(sink: ResponseSink): this {
    this.#sink = sink;
    this.#state = "head";
    this.#inHead = false;
    this.#informational = 0;
    this.#answerBegun = false;
    this.#requestEnded = false;
    this.uses++;
    return this;
  }

  sendHead(request: OutgoingRequest): void {
    this.#method = request.method;
    this.#upgrade = request.upgrade;
    const framing =
      request.bodyLength === unknownLength ? "chunked" : request.bodyLength > 0 ? "length" : "none";
    this.#writer.begin(serializeRequestHead(request), framing, request.bodyLength);
  }

  sendData(bytes: Buffer): Taken {
    return this.#writer.data(bytes);
  }

  sendEnd(trailers: HeaderBlock | undefined): void {
    if (this.#state === "tunnel") {
      this.#writer.flush();
      this.#socket.end();
      return;
    }
    this.#requestEnded = true;
    if (!this.#writer.end(trailers === undefined ? "" : serializeTrailers(trailers))) this.#socket.destroy();
  }

  flush(): void {
    this.#writer.flush();
  }

  cancel(): void {
    if (this.#sink === undefined) return;
    this.#sink = undefined;
    // In a tunnel only a reset tells the other side that this was no proper end.
    if (this.#state === "tunnel") resetSocket(this.#socket);
    else this.#socket.destroy();
  }

  /** Both sides of a tunnel have ended: what is queued still goes out, as long as the peer takes it. */
  finishTunnel(): void {
    this.#sink = undefined;
    this.#state = "closed";
    this.#options.onFinishing(this);
    this.#socket.destroySoon();
  }

  pauseResponse(): void {
    this.#socket.pause();
  }

  resumeResponse(): void {
    this.#socket.resume();
  }

  // ---- from the endpoint --------------------------------------------------------------------------------------------

  onBytes(bytes: Buffer, length: number, isShared: boolean): "used" | "kept" {
    this.#kept = false;
    const sink = this.#sink;
    if (sink === undefined) {
      // Nobody asked: an answer to nothing must not become the next request's.
      this.#socket.destroy();
      return "used";
    }
    if (this.#waiting.length > 0) {
      // Only a head waits. What was kept of it is looked at where it lies, not moved for every piece that comes.
      this.#waiting.add(bytes, 0, length);
      this.#consume(this.#waiting.view(), this.#waiting.length, true);
    } else if (length > copyLimit && isShared) {
      this.#consume(Buffer.from(bytes.subarray(0, length)), length);
    } else {
      this.#consume(bytes, length);
    }
    sink.onResponseFlush();
    return this.#kept ? "kept" : "used";
  }

  /** Works through bytes[0, end). `waiting`: they are those of #waiting, which is emptied once a head is whole. */
  #consume(bytes: Buffer, end: number, waiting = false): void {
    let start = 0;
    let owned = waiting;
    this.#end = end;
    while (start < end && this.#sink !== undefined) {
      if (this.#state === "head") {
        const next = this.#consumeHead(bytes, start, end);
        if (next < 0) {
          if (this.#sink !== undefined && !owned) this.#waiting.add(bytes, start, end);
          return;
        }
        if (owned) this.#waiting.take();
        owned = false;
        start = next;
      } else if (this.#state === "body") {
        start = this.#consumeBody(bytes, start, end);
      } else {
        if (this.#sink.onResponseData(bytes.subarray(start, end)) !== "done") this.#kept = true;
        return;
      }
    }
    if (start < end) this.#socket.destroy();
  }

  #consumeHead(bytes: Buffer, start: number, end: number): number {
    if (!this.#inHead) {
      this.#inHead = true;
      this.#scanner.reset();
    }
    this.#answerBegun = true;
    const result = this.#scanner.scan(bytes, start, end);
    if (result === "more") return -1;
    if (result !== "done")
      return this.#failHead(result === "bad" ? this.#scanner.problem : "the header is too large");
    const head = this.#head;
    head.headers.text = bytes.latin1Slice(start, this.#scanner.headEnd);
    const parsed = parseResponseHead(bytes, start, start + this.#scanner.startLineEnd, head, this.#method);
    if (typeof parsed === "string") return this.#failHead(parsed);
    this.#inHead = false;
    if (head.status < 200 && head.status !== 101) return this.#informationalHead();
    if (head.status === 101 && !this.#isUpgradeAskedFor(head)) {
      return this.#failHead("101 to an upgrade that was not asked for");
    }
    this.#beginResponse(parsed);
    return this.#scanner.headEnd;
  }

  #isUpgradeAskedFor(head: ResponseHead): boolean {
    const values = head.headers.values("upgrade");
    return this.#upgrade !== "" && values.length === 1 && values[0]!.toLowerCase() === this.#upgrade;
  }

  #informationalHead(): number {
    if (++this.#informational > informationalLimit) return this.#failHead("too many 1xx answers");
    this.#sink?.onInformational(this.#head);
    return this.#scanner.headEnd;
  }

  #failHead(problem: string): number {
    this.#fail("upstream-protocol", problem);
    return -1;
  }

  #beginResponse(parsed: ParsedResponse): void {
    this.#parsed = parsed;
    if (this.#head.status === 101) {
      this.#state = "tunnel";
      this.#writer.becomeRaw();
      this.#options.onTunnel(this);
      this.#sink!.onResponseHead(this.#head);
      return;
    }
    const keepSeconds = this.#head.headers.count > 0 ? keepAliveSeconds(this.#head.headers) : undefined;
    this.peerKeepsMs = keepSeconds === undefined ? undefined : Math.max(0, keepSeconds * 1000 - 1000);
    this.#state = "body";
    this.#left = parsed.framing === "length" ? this.#head.bodyLength : 0;
    if (parsed.framing === "chunked") {
      const { chunkExtensionBytes, trailerBytes } = this.#options.limits;
      this.#decoder = new ChunkedDecoder({ extensionBytes: chunkExtensionBytes, trailerBytes });
    }
    this.#sink!.onResponseHead(this.#head);
    if (parsed.framing === "none") this.#finish(undefined, this.#scanner.headEnd);
  }

  #consumeBody(bytes: Buffer, start: number, end: number): number {
    const sink = this.#sink!;
    switch (this.#parsed!.framing) {
      case "none":
        return start;
      case "until-close":
        if (sink.onResponseData(bytes.subarray(start, end)) !== "done") this.#kept = true;
        return end;
      case "length": {
        const run = Math.min(this.#left, end - start);
        this.#left -= run;
        if (sink.onResponseData(bytes.subarray(start, start + run)) !== "done") this.#kept = true;
        if (this.#left === 0) this.#finish(undefined, start + run);
        return start + run;
      }
      case "chunked":
        return this.#consumeChunks(bytes, start, end);
    }
  }

  #consumeChunks(bytes: Buffer, start: number, end: number): number {
    const decoder = this.#decoder!;
    const next = decoder.decode(bytes, start, end, (run) => {
      if (this.#sink === undefined) return false;
      if (this.#sink.onResponseData(run) !== "done") this.#kept = true;
      return true;
    });
    if (decoder.bad) {
      this.#fail("upstream-protocol", decoder.problem);
      return end;
    }
    if (decoder.done && this.#sink !== undefined) {
      const { trailers } = decoder;
      this.#decoder = undefined;
      this.#finish(trailers.count > 0 ? trailers : undefined, next);
    }
    return next;
  }

  /**
   * The answer is whole; it ends at `end` of what is being read. The connection is free before the exchange hears of it:
   * its next request may want it. More bytes than the answer would be that request's answer: such a connection is closed.
   */
  #finish(trailers: HeaderBlock | undefined, end: number): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    this.#sink = undefined;
    const isRequestOut = this.#requestEnded && this.#writer.isOut;
    if (this.#parsed!.reusable && isRequestOut && end === this.#end) {
      this.#state = "idle";
      // A peer that was too slow may have had its answers paused.
      if (this.#socket.isPaused()) this.#socket.resume();
      this.#options.onIdle(this);
    } else {
      this.#state = "closed";
      // Not only ended: a request that is not wholly sent must not look whole to the endpoint.
      this.#socket.destroy();
    }
    sink.onResponseEnd(trailers);
  }

  #fail(kind: ProxyErrorKind, detail: string): void {
    const sink = this.#sink;
    this.#sink = undefined;
    this.#socket.destroy();
    sink?.onUpstreamError(kind, detail);
  }

  #onEnd(): void {
    switch (this.#state) {
      case "connecting":
      case "idle":
      case "closed":
        this.#socket.destroy();
        return;
      case "head":
        return this.#fail("upstream-closed", "closed before its answer");
      case "body":
        if (this.#parsed!.framing !== "until-close")
          return this.#fail("upstream-truncated", "closed within its answer");
        if (!this.#dialled.endedProperly()) return this.#fail("upstream-truncated", noCloseNotify);
        return this.#finish(undefined, this.#end);
      case "tunnel":
        if (!this.#dialled.endedProperly()) return this.#fail("upstream-truncated", noCloseNotify);
        this.#sink?.onResponseEnd(undefined);
        return;
    }
  }

  #onClose(): void {
    const state = this.#state;
    this.#state = "closed";
    this.#reader.release();
    this.#options.onClosed(this, state === "connecting" ? this.#connectFailure() : undefined);
    const sink = this.#sink;
    this.#sink = undefined;
    if (sink === undefined) return;
    const error = this.#error;
    if (state === "head" && error !== undefined && isTlsAlert(error))
      return sink.onUpstreamError("backend-tls", describeTlsFailure(error));
    sink.onUpstreamError(
      state === "body" || state === "tunnel" ? "upstream-truncated" : "upstream-reset",
      error === undefined ? "closed" : (error.code ?? "unknown"),
    );
  }

  #connectFailure(): ConnectFailure {
    return this.#dialled.failure ?? { kind: "connect-failed", detail: "closed" };
  }
}
