/**
 * An HTTP/1.1 connection from a client: requests come in one after another, each becomes an exchange, each is answered
 * before the next begins (RFC 9112 9.3). Where the framing leaves any doubt the answer is an error, nothing of the request
 * goes upstream, and the connection closes.
 */
import type { Socket } from "node:net";
import { areCrumbs } from "../../listener/read-ration.ts";
import { resetSocket } from "../../listener/reset-socket.ts";
import type { BytesTaken, BytesTarget, SocketReader } from "../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import type { HeaderBlock } from "../header-block.ts";
import { noBody, type RequestHead, type ResponseHead, unknownLength } from "../message.ts";
import type { OutgoingResponse } from "../outgoing.ts";
import type { DownstreamStream, RequestSink, Taken } from "../stream.ts";
import { earlyAnswer } from "../early-answer.ts";
import { beginAnswer } from "./begin-answer.ts";
import { LingeringClose } from "./lingering-close.ts";
import { MessageWriter } from "./message-writer.ts";
import { refusalText } from "./refusal-text.ts";
import { RequestBodyReader } from "./request-body-reader.ts";
import { type IntakeTarget, RequestIntake } from "./request-intake.ts";
import { serializeInformational, serializeTrailers } from "./serialize-head.ts";
import type { ServerConnectionOptions } from "./server-connection-options.ts";
import { ServerTimes } from "./server-times.ts";

export class ServerConnection implements DownstreamStream, BytesTarget, IntakeTarget {
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  readonly #options: ServerConnectionOptions;
  readonly #socket: Socket;
  readonly #reader: SocketReader;
  readonly #writer: MessageWriter;
  readonly #intake: RequestIntake;
  /** Of the request that is read, or answered. */
  readonly #head: RequestHead;
  readonly #times: ServerTimes;
  #sink: RequestSink | undefined = undefined;
  #closeAfter = false;
  #answered = false;
  #headSent = false;
  #peerEnded = false;
  #draining = false;
  #kept = false;
  /** Pieces of body (chunks) in what is being read. */
  #runs = 0;
  #lingering: LingeringClose | undefined = undefined;
  #untilClose = false;
  /** The answer is written, and its client has not taken enough of it: what was sent ahead waits. */
  #isUnread = false;

  constructor(options: ServerConnectionOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.peerAddress = options.peerAddress;
    this.peerPort = options.peerPort;
    this.localAddress = options.localAddress;
    this.#writer = new MessageWriter(options.socket);
    this.#times = new ServerTimes(options, () => this.#late());
    this.#intake = new RequestIntake(options, this.#times, this);
    this.#head = this.#intake.requests.head;
    this.#reader = options.reader;
    this.#reader.target = this;
    this.#attach(options.socket);
  }

  #attach(socket: Socket): void {
    socket.on("end", () => this.#onEnd());
    socket.on("drain", () => this.#onDrain());
    // The close event that follows tells the rest.
    socket.on("error", () => {});
    socket.on("close", () => this.#onClose());
  }

  /** Idle connections end now; busy ones after their answer. */
  drain(): void {
    this.#draining = true;
    this.#closeAfter = true;
    if (this.#intake.state === "head" && !this.#intake.requests.isWithin) this.#end();
  }

  /** The next request is answered, and is the last: a client that waits between two is not cut off in between. */
  closeAfterNext(): void {
    this.#draining = true;
  }

  readonly followConfiguration = (): void => this.#sink?.onConfigurationChanged?.();

  /** Cuts it, whatever is under way. */
  destroy(): void {
    try {
      this.#loseSink("draining");
    } finally {
      if (this.#untilClose) resetSocket(this.#socket);
      else this.#socket.destroy();
    }
  }

  // ---- from the client ----------------------------------------------------------------------------------------------

  onBytes(bytes: Buffer, length: number, isShared: boolean): BytesTaken {
    this.#kept = false;
    this.#runs = 0;
    this.#intake.read(bytes, length, isShared);
    this.#flushRequest();
    if (this.#kept) return "kept";
    return areCrumbs(this.#runs, length) ? "crumbs" : "used";
  }

  /** Between bodies: what comes then are heads. */
  get isAtRest(): boolean {
    const { state } = this.#intake;
    return state !== "body" && state !== "tunnel";
  }

  #flushRequest(): void {
    this.#sink?.onRequestFlush();
  }

  onHead(): void {
    const head = this.#head;
    this.#headSent = false;
    this.#answered = false;
    this.#closeAfter = this.#intake.requests.closes || this.#draining;
    if (head.bodyLength === noBody) {
      this.#intake.state = "answering";
      this.#awaitAnswer();
    } else {
      this.#intake.state = "body";
      this.#intake.body = new RequestBodyReader(head.bodyLength, this.#options.limits);
      this.#times.body(head.bodyLength !== unknownLength, head.expectsContinue);
    }
    const sink = this.#options.serve(this, head);
    if (this.#answered) return;
    this.#sink = sink;
    if (this.#intake.state === "answering") sink.onRequestEnd(undefined);
  }

  onHeadRefused(kind: ProxyErrorKind, problem: string): void {
    this.#refuse(kind, problem);
  }

  #awaitAnswer(): void {
    this.#times.answer(this.#peerEnded && this.#socket.writableLength === 0);
  }

  /** False where no more of it is wanted. */
  onBodyRun(run: Buffer): boolean {
    this.#runs++;
    if (this.#sink !== undefined && this.#sink.onRequestData(run) !== "done") this.#kept = true;
    return this.#intake.state === "body";
  }

  onBodyEnd(trailers: HeaderBlock | undefined): void {
    this.#awaitAnswer();
    this.#sink?.onRequestEnd(trailers);
  }

  /** The body's framing broke: 400 where no answer has begun, and the upstream never sees an end (F10). */
  onBodyBroken(problem: string): void {
    const sink = this.#sink;
    this.#sink = undefined;
    const begun = this.#headSent;
    // The exchange accounts for it: it is told before the answer, and its log line says bad-request.
    sink?.onRequestAborted("bad-request");
    if (begun) this.reset();
    else this.#refuse("bad-request", problem, sink !== undefined);
  }

  onTunnelBytes(bytes: Buffer): void {
    this.#times.tunnel();
    if (this.#sink?.onRequestData(bytes) !== "done") this.#kept = true;
  }

  onThrownAway(length: number): void {
    this.#lingering?.throwAway(length);
  }

  #onEnd(): void {
    this.#peerEnded = true;
    switch (this.#intake.state) {
      case "head":
        return this.#end();
      case "body":
        this.#loseSink("downstream-closed");
        this.#socket.destroy();
        return;
      case "answering":
        // A client may close its half after its last request and still read (RFC 9112 9.6). What it pipelined before
        // that is answered too.
        if (!this.#intake.hasWaiting) this.#closeAfter = true;
        this.#awaitAnswer();
        return;
      case "tunnel":
        this.#sink?.onRequestEnd(undefined);
        return;
      case "closing":
        // Not before what is queued is out: a client may close its half and still read.
        this.#socket.destroySoon();
        return;
      case "closed":
        return;
    }
  }

  #onClose(): void {
    if (this.#intake.state === "closed") return;
    this.#intake.state = "closed";
    this.#intake.takeWaiting();
    this.#times.clear();
    this.#reader.release();
    try {
      this.#loseSink("downstream-closed");
    } finally {
      this.#options.onClosed(this);
    }
  }

  /** The request's exchange is over, for `kind`. */
  #loseSink(kind: ProxyErrorKind): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.onRequestAborted(kind);
  }

  #late(): void {
    switch (this.#intake.state) {
      case "head":
        // A connection that never said a word, or is idle, is closed without one.
        if (!this.#intake.requests.isWithin) return this.#end();
        this.#head.clear();
        return this.#refuse("request-timeout", "the header was not complete in time");
      case "closing":
        this.#socket.destroy();
        return;
      case "tunnel":
        this.#loseSink("stream-idle");
        this.#socket.destroy();
        return;
      case "body":
        return this.#giveUp(
          this.#times.isBodyTimed && !this.#socket.isPaused() ? "body-timeout" : "stream-idle",
          "the body did not come",
        );
      case "answering":
        if (!this.#peerEnded) return this.#giveUp("stream-idle", "nothing moved");
        this.#loseSink("downstream-closed");
        return resetSocket(this.#socket);
      case "closed":
        return;
    }
  }

  #giveUp(kind: ProxyErrorKind, problem: string): void {
    this.#loseSink(kind);
    if (this.#headSent) this.reset();
    else this.#refuse(kind, problem, true);
  }

  // ---- to the client ------------------------------------------------------------------------------------------------

  sendInformational(head: ResponseHead): void {
    if (this.#head.version !== "HTTP/1.1" || this.#headSent) return;
    const early = earlyAnswer(head, this.#socket.writableNeedDrain);
    if (early === undefined) return;
    this.#writer.text(serializeInformational(early));
    this.#writer.flush();
  }

  sendHead(response: OutgoingResponse): void {
    this.#headSent = true;
    const wholeRequest = this.#intake.state === "answering";
    // An answer before the end of its request: the rest of the request is not waited for (R06).
    const isLast = this.#peerEnded && !this.#intake.isBusy && !this.#intake.hasWaiting;
    if (response.close || !wholeRequest || isLast || this.#draining) this.#closeAfter = true;
    if (beginAnswer(this.#writer, response, this.#head, this.#closeAfter) === "until-close") {
      this.#closeAfter = true;
      this.#untilClose = true;
    }
  }

  sendData(bytes: Buffer): Taken {
    const taken = this.#writer.data(bytes);
    if (this.#intake.state === "tunnel") this.#times.tunnel();
    else this.#awaitAnswer();
    return taken;
  }

  sendEnd(trailers: HeaderBlock | undefined): void {
    if (this.#intake.state === "tunnel") {
      this.#writer.flush();
      this.#socket.end();
      if (!this.#peerEnded) return;
      this.#sink = undefined;
      return this.#linger();
    }
    const trailerText =
      trailers !== undefined && this.#head.acceptsTrailers ? serializeTrailers(trailers) : "";
    if (!this.#writer.end(trailerText)) return this.reset();
    this.#finishAnswer();
  }

  flush(): void {
    this.#writer.flush();
  }

  reset(): void {
    this.#sink = undefined;
    this.#answered = true;
    if (this.#untilClose || this.#intake.state === "tunnel") {
      // A plain close would look like the proper end.
      resetSocket(this.#socket);
      return;
    }
    this.#writer.flush();
    this.#intake.state = "closing";
    this.#times.linger();
    this.#socket.destroySoon();
  }

  pauseRequest(): void {
    this.#socket.pause();
    if (this.#intake.state === "body") this.#times.pauseBody();
  }

  resumeRequest(): void {
    this.#socket.resume();
    if (this.#intake.state === "body") this.#times.resumeBody();
  }

  becomeTunnel(): void {
    this.#intake.state = "tunnel";
    this.#writer.flush();
    this.#times.tunnel();
    if (this.#socket.isPaused()) this.#socket.resume();
    const early = this.#intake.takeWaiting();
    if (early.length > 0) {
      this.#sink?.onRequestData(early);
      this.#sink?.onRequestFlush();
    }
    if (this.#peerEnded) this.#sink?.onRequestEnd(undefined);
  }

  #finishAnswer(): void {
    this.#answered = true;
    this.#sink = undefined;
    if (this.#closeAfter || this.#intake.state !== "answering") return this.#end();
    // Whoever reads no answers gets no more of them, however many requests he has sent ahead (D09).
    if (this.#socket.writableNeedDrain) this.#isUnread = true;
    else this.#nextRequest();
  }

  #onDrain(): void {
    if (!this.#isUnread) return this.#sink?.onDownstreamDrain();
    this.#isUnread = false;
    if (this.#intake.state !== "answering") return;
    if (this.#closeAfter) this.#end();
    else this.#nextRequest();
  }

  #nextRequest(): void {
    this.#intake.state = "head";
    this.#times.idle();
    if (this.#socket.isPaused()) this.#socket.resume();
    if (this.#intake.isBusy) return;
    if (this.#intake.hasWaiting) {
      this.#intake.consumeWaiting();
      // It was not the tail of a read: nobody else will flush it.
      this.#flushRequest();
    }
    // What waited is used up: of a client that has closed its half, a request that is not whole by now never will be.
    if (this.#peerEnded && (this.#intake.state === "head" || this.#intake.state === "body")) this.#onEnd();
  }

  /** Refuses with one of our own answers, written by the codec: there is no exchange (any more) to do it. */
  #refuse(kind: ProxyErrorKind, problem: string, accounted = false): void {
    if (!accounted) this.#options.onRefused(kind, problem, this.#head);
    this.#writer.text(refusalText(kind, this.#head.method));
    this.#writer.flush();
    this.#answered = true;
    this.#end();
  }

  /** Our last byte is written. */
  #end(): void {
    this.#intake.takeWaiting();
    this.#writer.flush();
    this.#socket.end();
    this.#linger();
    if (!this.#peerEnded && this.#socket.isPaused()) this.#socket.resume();
  }

  #linger(): void {
    this.#intake.state = "closing";
    this.#lingering = new LingeringClose(this.#socket, this.#options, this.#times.deadline);
    this.#lingering.begin(this.#writer.isOut);
  }
}
