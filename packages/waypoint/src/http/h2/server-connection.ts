/**
 * An HTTP/2 connection from a client (RFC 9113): each stream becomes an exchange. A request is served once what was read is
 * worked through, so one that is reset in the same breath costs nobody anything (reference D01). The connection goes
 * gracefully (6.8): GOAWAY, a moment for requests that are on their way, GOAWAY again, and the streams under way finish.
 */
import type { Socket } from "node:net";
import { Deadline, type Deadlines } from "../../listener/deadlines.ts";
import type { SocketReader } from "../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import { disguisedName } from "../h1/request-head.ts";
import { Known } from "../known-headers.ts";
import { RequestHead, unknownLength } from "../message.ts";
import type { Timeouts } from "../../settings.ts";
import type { ServeRequest } from "../stream.ts";
import type { LateFor } from "./connection-deadline.ts";
import { ErrorCode } from "./connection-error.ts";
import { addWebSocketKey } from "./extended-connect.ts";
import { protocolError } from "./frame-dispatch.ts";
import { largestStreamId, preface, Setting } from "./frame-types.ts";
import { writeGoaway, writePing, writeSettings } from "./frame-writer.ts";
import { HeadCache } from "./head-cache.ts";
import { Http2Connection } from "./http2-connection.ts";
import type { Http2Context } from "./http2-context.ts";
import { parseRequestFields, type RequestRefusal } from "./request-fields.ts";
import { ServerStream } from "./server-stream.ts";

export interface ServerConnectionOptions {
  readonly context: Http2Context;
  readonly socket: Socket;
  readonly reader: SocketReader;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  readonly serve: ServeRequest;
  /** A request that was refused before it could be served: for the access log and metrics. */
  readonly onRefused: (kind: ProxyErrorKind, problem: string, head: RequestHead) => void;
  readonly onClosed: (connection: ServerConnection) => void;
}

type Going =
  | "no"
  /** GOAWAY is said, without a limit: requests that are on their way are still served. */
  | "announced"
  /** Streams beyond the last one are ignored; the connection ends with those under way. */
  | "final";

/** What marks the PING that shows that our GOAWAY was read. */
const goawayPing = 0x676f;
/** Maximum ages differ in so many steps: deadlines of one length share a list. */
const ageSteps = 16;

export class ServerConnection extends Http2Connection<ServerStream> {
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  readonly deadlines: Deadlines;
  readonly timeouts: Timeouts;
  readonly #options: ServerConnectionOptions;
  readonly #cache: HeadCache<RequestHead>;
  readonly #going: Deadline;
  #state: Going = "no";
  /** The newest stream that was seen, served or (once going finally) not. */
  #newestStream = 0;
  /** Bytes of the preface that have come. */
  #prefaceRead = 0;
  /** Opened in this read, and to be served at its end. */
  #fresh: ServerStream[] = [];
  #touched: ServerStream[] = [];
  /** One of them while it is worked through. */
  #spare: ServerStream[] = [];

  constructor(options: ServerConnectionOptions) {
    const { context } = options;
    const { settings, limits, timeouts } = context;
    super(context, options.socket, settings.connectionWindowBytes, settings.streamWindowBytes);
    this.#options = options;
    this.peerAddress = options.peerAddress;
    this.peerPort = options.peerPort;
    this.localAddress = options.localAddress;
    this.deadlines = context.deadlines;
    this.timeouts = timeouts;
    this.#cache = new HeadCache(this.decoder);
    this.#going = new Deadline(() => this.#goOn(), this.socket);
    this.deadline.idleMs = timeouts.idleMs;
    this.deadline.open();
    this.deadlines.set(this.#going, this.#age());
    options.reader.target = this;
    writeSettings(this.output, [
      [Setting.maxConcurrentStreams, settings.concurrentStreams],
      [Setting.initialWindowSize, settings.streamWindowBytes],
      [Setting.maxHeaderListSize, limits.headerBytes],
      [Setting.headerTableSize, settings.tableBytes],
      [Setting.enableConnectProtocol, 1],
    ]);
    this.receiveFlow.open();
  }

  #age(): number {
    const { settings, rng } = this.context;
    const step = Math.floor(rng.next() * ageSteps) / ageSteps;
    return Math.round(settings.maxAgeMs * (1 - settings.maxAgeJitter / 2 + settings.maxAgeJitter * step));
  }

  // ---- from the client ----------------------------------------------------------------------------------------------

  protected override readBytes(bytes: Buffer, length: number): void {
    let at = 0;
    while (this.#prefaceRead < preface.length && at < length) {
      if (bytes[at++] !== preface[this.#prefaceRead++]) throw protocolError("not HTTP/2's preface");
    }
    if (at === 0) super.readBytes(bytes, length);
    else if (at < length) super.readBytes(bytes.subarray(at), length - at);
  }

  onBlock(streamId: number, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    const stream = this.streams.get(streamId);
    if (stream !== undefined) return this.#trailers(stream, endStream, bytes, start, end);
    if (streamId % 2 === 0) throw protocolError("a client's stream with an even number");
    if (streamId <= this.#newestStream) return this.#lateBlock(streamId, bytes, start, end);
    const known = this.#cache.find(bytes, start, end, endStream);
    if (known !== undefined) return this.#open(streamId, endStream, known, undefined);
    const head = new RequestHead();
    this.#decode(head, bytes, start, end);
    const { section, limits } = this.context;
    const refusal = parseRequestFields(section, endStream, head, limits.targetBytes);
    // Each tunnel has a key of its own.
    if (head.upgrade !== "") addWebSocketKey(head.headers, this.context.rng);
    else if (refusal === undefined)
      this.#cache.keep(bytes, start, end, endStream, head, head.headers.text.length + head.target.length);
    this.#open(streamId, endStream, head, refusal);
  }

  #decode({ headers }: RequestHead, bytes: Buffer, start: number, end: number): void {
    const { section } = this.context;
    section.begin(headers);
    this.decoder.decode(bytes, start, end, section);
    section.end();
  }

  #isIgnored(streamId: number): boolean {
    return this.#state === "final" && streamId > this.lastPeerStream;
  }

  protected override answerStray(streamId: number): void {
    if (!this.#isIgnored(streamId)) super.answerStray(streamId);
  }

  /** Trailers that were under way when we reset their stream keep the tables in step; others break a rule. */
  #lateBlock(streamId: number, bytes: Buffer, start: number, end: number): void {
    this.#decode(new RequestHead(), bytes, start, end);
    if (this.wasResetByUs(streamId) || this.#isIgnored(streamId)) return;
    this.fail(ErrorCode.streamClosed, "HEADERS on a closed stream");
  }

  #open(streamId: number, endStream: boolean, head: RequestHead, refusal: RequestRefusal | undefined): void {
    this.#newestStream = streamId;
    // The last GOAWAY said that such streams are not looked at: they may be sent elsewhere again.
    if (this.#state === "final") return;
    this.lastPeerStream = streamId;
    if (this.streams.size >= this.context.settings.concurrentStreams) {
      return this.refuseStream(streamId, ErrorCode.refusedStream);
    }
    if (refusal !== undefined && refusal.kind === undefined) {
      this.#options.onRefused("bad-request", refusal.problem, head);
      return this.refuseStream(streamId, ErrorCode.protocolError);
    }
    const stream = new ServerStream(this, streamId, head);
    this.streams.add(stream);
    stream.hasRemoteEnded = endStream;
    if (refusal?.kind !== undefined) {
      stream.isServed = true;
      stream.isRefused = true;
      this.#options.onRefused(refusal.kind, refusal.problem, head);
      stream.sendRefusal(refusal.kind);
      // What we answer without serving it costs its sender as little as a reset (D01).
      this.guard.onReset();
      return;
    }
    const length = endStream || head.upgrade !== "" ? unknownLength : declaredLength(head);
    if (length !== unknownLength) stream.expectBody(length);
    this.#fresh.push(stream);
  }

  /** RFC 9113 8.1: trailers end their stream, and have no pseudo-headers. */
  #trailers(stream: ServerStream, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    const head = new RequestHead();
    this.#decode(head, bytes, start, end);
    const { section } = this.context;
    if (stream.hasRemoteEnded)
      return this.failStream(stream, ErrorCode.streamClosed, "HEADERS after the end");
    const problem = !endStream
      ? "HEADERS within a body"
      : section.hasPseudo
        ? "a pseudo-header in trailers"
        : section.problem || disguisedProblem(head);
    if (problem !== "") return this.failStream(stream, ErrorCode.protocolError, problem);
    if (stream.declaredLeft > 0)
      return this.failStream(stream, ErrorCode.protocolError, "less than its length");
    if (section.isTooLarge) return this.failStream(stream, ErrorCode.enhanceYourCalm, "trailers too large");
    stream.hasRemoteEnded = true;
    if (!stream.isServed) this.serveStream(stream, true);
    stream.onMoved();
    stream.onRemoteEnd(head.headers.count > 0 ? head.headers : undefined);
  }

  override onReset(streamId: number, code: number): void {
    super.onReset(streamId, code);
    this.guard.checkUnreadBytes(this.socket.writableLength);
  }

  protected isIdleStream(streamId: number): boolean {
    return streamId % 2 === 0 || streamId > this.#newestStream;
  }

  /** Hands the request to the proxy. `isEndToCome`: its end is told apart from this, because trailers are with it. */
  serveStream(stream: ServerStream, isEndToCome = false): void {
    if (stream.isServed || stream.isClosed) return;
    stream.isServed = true;
    const sink = this.#options.serve(stream, stream.head);
    // It may have been answered, or reset, by now.
    if (stream.isClosed || stream.hasLocalEnded || stream.pendingEnd !== undefined) return;
    stream.sink = sink;
    // What follows the head of a tunnel is not its request's.
    if (stream.head.upgrade !== "" || (stream.hasRemoteEnded && !isEndToCome)) sink.onRequestEnd(undefined);
  }

  /** A request that came to nothing before it was served. */
  refuseUnserved(stream: ServerStream, kind: ProxyErrorKind, problem: string): void {
    stream.isServed = true;
    this.#options.onRefused(kind, problem, stream.head);
  }

  /** The stream's exchange wants to hear of the read's end. */
  touch(stream: ServerStream): void {
    if (stream.isTouched) return;
    stream.isTouched = true;
    this.#touched.push(stream);
  }

  protected onReadEnd(): void {
    if (this.#fresh.length > 0) {
      const fresh = this.#fresh;
      this.#fresh = this.#spare;
      this.#spare = fresh;
      for (const stream of fresh) this.serveStream(stream);
      fresh.length = 0;
    }
    if (this.#touched.length === 0) return;
    const touched = this.#touched;
    this.#touched = this.#spare;
    this.#spare = touched;
    for (const stream of touched) {
      stream.isTouched = false;
      stream.sink?.onRequestFlush();
    }
    touched.length = 0;
  }

  /** Both sides have said all. */
  completeStream(stream: ServerStream): void {
    if (!stream.isRefused) this.guard.onStreamCompleted();
    this.closeStream(stream);
  }

  onMaxConcurrentStreams(): void {
    // Of streams that we would open by pushing: none.
  }

  onEnablePush(): void {
    // We never push.
  }

  onEnableConnectProtocol(): void {
    // A client's means nothing (RFC 8441 3).
  }

  // ---- the end ------------------------------------------------------------------------------------------------------

  /** Goes gracefully: by its age, for idleness, or because the waypoint does. */
  drain(): void {
    if (this.#state !== "no" || this.isOver) return;
    this.#state = "announced";
    writeGoaway(this.output, largestStreamId, ErrorCode.noError, "");
    writePing(this.output, goawayPing);
    this.deadlines.set(this.#going, this.context.settings.goawayPingMs);
  }

  /** What it sends until it has heard is answered, and it goes. */
  closeAfterNext(): void {
    this.drain();
  }

  /** Cuts it, whatever is under way. */
  destroy(): void {
    this.#lose("draining", "the waypoint is shutting down");
    this.abandon();
  }

  onPingAck(bytes: Buffer, start: number): void {
    if (bytes.readUInt32BE(start + 4) === goawayPing && this.#state === "announced") this.#goFinally();
  }

  /** Streams of ours there are none; a client that goes closes the connection itself. */
  onGoaway(): void {}

  #goOn(): void {
    switch (this.#state) {
      case "no":
        return this.drain();
      case "announced":
        return this.#goFinally();
      case "final":
        this.#lose("draining", "the connection's last streams took too long");
        this.end();
    }
  }

  #goFinally(): void {
    this.#state = "final";
    writeGoaway(this.output, this.lastPeerStream, ErrorCode.noError, "");
    this.deadlines.set(this.#going, this.context.settings.goawayGraceMs);
    if (this.streams.size === 0) this.end();
  }

  protected onEmpty(): void {
    if (this.#state === "final") this.end();
  }

  protected onLate(lateFor: LateFor): void {
    switch (lateFor) {
      case "settings":
        // It never said a proper word; it is closed without one.
        return this.abandon();
      case "frame":
        return this.fail(ErrorCode.enhanceYourCalm, "a frame that was not complete in time");
      case "idle":
        return this.drain();
      case "linger":
        this.socket.destroy();
    }
  }

  protected loseStreams(isPeersFault: boolean, detail: string): void {
    this.#lose(isPeersFault ? "bad-request" : "downstream-closed", detail);
  }

  #lose(kind: ProxyErrorKind, detail: string): void {
    const streams = this.streams.toArray();
    this.streams.clear();
    this.#fresh = [];
    this.tellEach(streams, (stream) => stream.onLost(kind, detail));
  }

  followConfiguration(): void {
    for (const stream of this.streams.toArray()) stream.sink?.onConfigurationChanged?.();
  }

  protected onPeerEnd(): void {
    this.loseStreams(false, "the client closed the connection");
    if (this.isOver) this.socket.destroySoon();
    else this.abandon();
  }

  protected onSocketError(): void {
    // The close event that follows tells the rest.
  }

  protected onSocketClosed(): void {
    this.isOver = true;
    this.deadline.clear();
    this.deadlines.clear(this.#going);
    this.#options.reader.release();
    this.loseStreams(false, "the client closed the connection");
    this.#options.onClosed(this);
    this.output.close();
  }
}

/** As in HTTP/1.1 (http/h1/chunked-decoder.ts): an endpoint may merge trailers into the headers. */
function disguisedProblem({ headers }: RequestHead): string {
  return disguisedName(headers) === "" ? "" : "a trailer that could be read as its twin with hyphens";
}

/** A length of zero without the end counts too: nothing may come but the end. */
function declaredLength(head: RequestHead): number {
  if (head.bodyLength !== unknownLength) return head.bodyLength;
  return head.headers.indexOfKnown(Known["content-length"]) < 0 ? unknownLength : 0;
}
