/**
 * An HTTP/1.1 connection from a client: requests come in one after another, each becomes an exchange, each is answered
 * before the next begins (RFC 9112 9.3). Where the framing leaves any doubt the answer is an error, nothing of the request
 * goes upstream, and the connection closes.
 */
import type { Socket } from "node:net";
import { Deadline } from "../../listener/deadlines.ts";
import { resetSocket } from "../../listener/reset-socket.ts";
import {
  areCrumbs,
  type BytesTaken,
  type BytesTarget,
  type SocketReader,
} from "../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import { BodyPace } from "../body-pace.ts";
import type { HeaderBlock } from "../header-block.ts";
import { noBody, type RequestHead, type ResponseHead, unknownLength } from "../message.ts";
import type { OutgoingResponse } from "../outgoing.ts";
import type { DownstreamStream, RequestSink, Taken } from "../stream.ts";
import { beginAnswer } from "./begin-answer.ts";
import { HeadBuffer } from "./head-buffer.ts";
import { LingeringClose, lingerMs } from "./lingering-close.ts";
import { copyLimit, MessageWriter } from "./message-writer.ts";
import { RequestBodyReader, type BodyTarget } from "./request-body-reader.ts";
import { RequestReader } from "./request-reader.ts";
import { refusalText } from "./refusal-text.ts";
import { serializeInformational, serializeTrailers } from "./serialize-head.ts";
import type { ServerConnectionOptions } from "./server-connection-options.ts";
import type { ServerState } from "./server-state.ts";

/** Pipelined bytes kept while an answer is under way; more wait in the kernel. */
const pipelineBytes = 64 * 1024;

export class ServerConnection implements DownstreamStream, BytesTarget, BodyTarget {
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  readonly #options: ServerConnectionOptions;
  readonly #socket: Socket;
  readonly #reader: SocketReader;
  readonly #writer: MessageWriter;
  readonly #requests: RequestReader;
  /** Of `#requests`. */
  readonly #head: RequestHead;
  readonly #waiting: HeadBuffer;
  readonly #deadline: Deadline;
  readonly #pace: BodyPace;
  #state: ServerState = "head";
  #sink: RequestSink | undefined = undefined;
  #body: RequestBodyReader | undefined = undefined;
  #closeAfter = false;
  #answered = false;
  #headSent = false;
  #peerEnded = false;
  #draining = false;
  #consuming = false;
  #kept = false;
  /** Pieces of body (chunks) in what is being read. */
  #runs = 0;
  #lingering: LingeringClose | undefined = undefined;
  #untilClose = false;

  constructor(options: ServerConnectionOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.peerAddress = options.peerAddress;
    this.peerPort = options.peerPort;
    this.localAddress = options.localAddress;
    this.#waiting = new HeadBuffer(options.held);
    this.#writer = new MessageWriter(options.socket);
    this.#requests = new RequestReader(options.limits);
    this.#head = this.#requests.head;
    this.#reader = options.reader;
    this.#reader.target = this;
    this.#deadline = new Deadline(() => this.#expired());
    this.#pace = new BodyPace(options.deadlines, this.#deadline, options.timeouts);
    options.deadlines.set(this.#deadline, options.timeouts.headerMs);
    this.#attach(options.socket);
  }

  #attach(socket: Socket): void {
    socket.on("end", () => this.#onEnd());
    socket.on("drain", () => this.#sink?.onDownstreamDrain());
    // The close event that follows tells the rest.
    socket.on("error", () => {});
    socket.on("close", () => this.#onClose());
  }

  /** Idle connections end now; busy ones after their answer. */
  drain(): void {
    this.#draining = true;
    this.#closeAfter = true;
    if (this.#state === "head" && !this.#requests.isWithin) this.#end();
  }

  /** The next request is answered, and is the last: a client that waits between two is not cut off in between. */
  closeAfterNext(): void {
    this.#draining = true;
  }

  readonly followConfiguration = (): void => this.#sink?.onConfigurationChanged?.();

  /** Cuts it, whatever is under way. */
  destroy(): void {
    this.#loseSink("draining");
    if (this.#untilClose) resetSocket(this.#socket);
    else this.#socket.destroy();
  }

  // ---- from the client ----------------------------------------------------------------------------------------------

  onBytes(bytes: Buffer, length: number, isShared: boolean): BytesTaken {
    this.#kept = false;
    this.#runs = 0;
    if (this.#waiting.length > 0) {
      this.#waiting.add(bytes, 0, length);
      if (this.#state === "answering") this.#boundPipeline();
      else this.#consumeWaiting();
    } else if (length > copyLimit && isShared) {
      // Large runs may end in a socket's queue, and the shared buffer is read into again at once.
      const copy = Buffer.from(bytes.subarray(0, length));
      this.#consume(copy, length);
    } else {
      this.#consume(bytes, length);
    }
    this.#sink?.onRequestFlush();
    if (this.#kept) return "kept";
    return areCrumbs(this.#runs, length) ? "crumbs" : "used";
  }

  #consumeWaiting(): void {
    if (this.#state === "head") {
      this.#consume(this.#waiting.view(), this.#waiting.length, true);
    } else {
      const bytes = this.#waiting.take();
      this.#consume(bytes, bytes.length);
    }
  }

  /** Works through bytes[0, end). `waiting`: they are those of #waiting, which is emptied as far as they are used. */
  #consume(bytes: Buffer, end: number, waiting = false): void {
    if (this.#consuming) {
      this.#waiting.add(bytes, 0, end);
      return;
    }
    this.#consuming = true;
    let start = 0;
    let owned = waiting;
    while (start < end) {
      if (this.#state === "head") {
        const next = this.#consumeHead(bytes, start, end);
        if (next < 0) {
          if (!owned) this.#waiting.add(bytes, start, end);
          this.#boundHeld();
          break;
        }
        if (owned && this.#waiting.length > 0) this.#waiting.take();
        owned = false;
        start = next;
      } else if (this.#state === "body") {
        start = this.#consumeBody(bytes, start, end);
      } else if (this.#state === "answering") {
        this.#waiting.add(bytes, start, end);
        this.#boundPipeline();
        break;
      } else if (this.#state === "tunnel") {
        this.#options.deadlines.set(this.#deadline, this.#options.timeouts.tunnelIdleMs);
        if (this.#sink?.onRequestData(bytes.subarray(start, end)) !== "done") this.#kept = true;
        break;
      } else {
        this.#lingering?.throwAway(end - start);
        break;
      }
    }
    this.#consuming = false;
  }

  /** A client that pipelines more than we keep is read from again when its turn comes. */
  #boundPipeline(): void {
    if (this.#waiting.length >= pipelineBytes || this.#options.held.isOver) this.#socket.pause();
  }

  /** Too many heads that are not whole, on all connections together: whoever adds to his goes. */
  #boundHeld(): void {
    if (this.#state !== "head" || !this.#options.held.isOver) return;
    this.#head.clear();
    this.#refuse("overloaded", "too many heads that are not whole");
  }

  /** Gives back where the head ends, or -1 when it is not whole. */
  #consumeHead(bytes: Buffer, start: number, end: number): number {
    const requests = this.#requests;
    switch (requests.read(bytes, start, end)) {
      case "more":
        // From the first byte on, however many pieces follow. A head that comes whole needs no deadline.
        if (requests.isWithin && !requests.isTimed) {
          requests.isTimed = true;
          this.#options.deadlines.set(this.#deadline, this.#options.timeouts.headerMs);
        }
        return -1;
      case "nothing":
        return requests.end;
      case "refused": {
        const { kind, problem } = requests.refusal!;
        this.#refuse(kind, problem);
        return end;
      }
      case "whole":
        this.#beginRequest();
        return this.#state === "closing" || this.#state === "closed" ? end : requests.end;
    }
  }

  #beginRequest(): void {
    const head = this.#head;
    this.#headSent = false;
    this.#answered = false;
    this.#closeAfter = this.#requests.closes || this.#draining;
    if (head.bodyLength === noBody) {
      this.#state = "answering";
      this.#options.deadlines.set(this.#deadline, this.#answerMs());
    } else {
      this.#state = "body";
      this.#body = new RequestBodyReader(head.bodyLength, this.#options.limits);
      this.#pace.begin(head.bodyLength !== unknownLength, head.expectsContinue);
    }
    const sink = this.#options.serve(this, head);
    if (this.#answered) return;
    this.#sink = sink;
    if (this.#state === "answering") sink.onRequestEnd(undefined);
  }

  /** Nothing may move for that long on an answer. A client that has gone answers our bytes with a reset: they show who reads. */
  #answerMs(): number {
    const { halfClosedMs, streamIdleMs } = this.#options.timeouts;
    return this.#peerEnded && halfClosedMs > 0 && this.#socket.writableLength === 0
      ? halfClosedMs
      : streamIdleMs;
  }

  #consumeBody(bytes: Buffer, start: number, end: number): number {
    this.#pace.onMoved(end - start);
    const body = this.#body!;
    const next = body.read(bytes, start, end, this);
    // The answer may have ended the connection meanwhile.
    if (this.#state !== "body") return next;
    if (body.problem !== "") {
      this.#abortRequest(body.problem);
      return end;
    }
    if (body.isDone) {
      this.#state = "answering";
      this.#body = undefined;
      this.#options.deadlines.set(this.#deadline, this.#answerMs());
      this.#sink?.onRequestEnd(body.trailers);
    }
    return next;
  }

  /** Of the body reader: false where no more of it is wanted. */
  onBodyRun(run: Buffer): boolean {
    this.#runs++;
    if (this.#sink !== undefined && this.#sink.onRequestData(run) !== "done") this.#kept = true;
    return this.#state === "body";
  }

  /** The body's framing broke: 400 where no answer has begun, and the upstream never sees an end (F10). */
  #abortRequest(problem: string): void {
    const sink = this.#sink;
    this.#sink = undefined;
    const begun = this.#headSent;
    // The exchange accounts for it: it is told before the answer, and its log line says bad-request.
    sink?.onRequestAborted("bad-request");
    if (begun) this.reset();
    else this.#refuse("bad-request", problem, sink !== undefined);
  }

  #onEnd(): void {
    this.#peerEnded = true;
    switch (this.#state) {
      case "head":
        return this.#end();
      case "body":
        this.#loseSink("downstream-closed");
        this.#socket.destroy();
        return;
      case "answering":
        // A client may close its half after its last request and still read (RFC 9112 9.6). What it pipelined before
        // that is answered too.
        if (this.#waiting.length === 0) this.#closeAfter = true;
        this.#options.deadlines.set(this.#deadline, this.#answerMs());
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
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#waiting.take();
    this.#options.deadlines.clear(this.#deadline);
    this.#reader.release();
    this.#loseSink("downstream-closed");
    this.#options.onClosed(this);
  }

  /** The request's exchange is over, for `kind`. */
  #loseSink(kind: ProxyErrorKind): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.onRequestAborted(kind);
  }

  #expired(): void {
    switch (this.#state) {
      case "head":
        // A connection that never said a word, or is idle, is closed without one.
        if (!this.#requests.isWithin) return this.#end();
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
          this.#pace.isTimed && !this.#socket.isPaused() ? "body-timeout" : "stream-idle",
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
    this.#writer.text(serializeInformational(head));
    this.#writer.flush();
  }

  sendHead(response: OutgoingResponse): void {
    this.#headSent = true;
    const wholeRequest = this.#state === "answering";
    // An answer before the end of its request: the rest of the request is not waited for (R06).
    const isLast = this.#peerEnded && !this.#consuming && this.#waiting.length === 0;
    if (response.close || !wholeRequest || isLast || this.#draining) this.#closeAfter = true;
    if (beginAnswer(this.#writer, response, this.#head, this.#closeAfter) === "until-close") {
      this.#closeAfter = true;
      this.#untilClose = true;
    }
  }

  sendData(bytes: Buffer): Taken {
    const taken = this.#writer.data(bytes);
    this.#options.deadlines.set(
      this.#deadline,
      this.#state === "tunnel" ? this.#options.timeouts.tunnelIdleMs : this.#answerMs(),
    );
    return taken;
  }

  sendEnd(trailers: HeaderBlock | undefined): void {
    if (this.#state === "tunnel") {
      this.#writer.flush();
      this.#socket.end();
      if (this.#peerEnded) this.#finishTunnel();
      return;
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
    if (this.#untilClose || this.#state === "tunnel") {
      // A plain close would look like the proper end.
      resetSocket(this.#socket);
      return;
    }
    this.#writer.flush();
    this.#state = "closing";
    this.#options.deadlines.set(this.#deadline, lingerMs);
    this.#socket.destroySoon();
  }

  pauseRequest(): void {
    this.#socket.pause();
    if (this.#state === "body") this.#pace.pause();
  }

  resumeRequest(): void {
    this.#socket.resume();
    if (this.#state === "body") this.#pace.resume();
  }

  becomeTunnel(): void {
    this.#state = "tunnel";
    this.#writer.flush();
    this.#options.deadlines.set(this.#deadline, this.#options.timeouts.tunnelIdleMs);
    if (this.#socket.isPaused()) this.#socket.resume();
    const early = this.#waiting.take();
    if (early.length > 0) {
      this.#sink?.onRequestData(early);
      this.#sink?.onRequestFlush();
    }
    if (this.#peerEnded) this.#sink?.onRequestEnd(undefined);
  }

  #finishTunnel(): void {
    this.#sink = undefined;
    this.#linger();
  }

  #finishAnswer(): void {
    this.#answered = true;
    this.#sink = undefined;
    if (this.#closeAfter || this.#state !== "answering") return this.#end();
    this.#state = "head";
    this.#options.deadlines.set(this.#deadline, this.#options.timeouts.idleMs);
    if (this.#socket.isPaused()) this.#socket.resume();
    if (this.#consuming) return;
    if (this.#waiting.length > 0) {
      this.#consumeWaiting();
      this.#afterWaiting();
    }
    if (this.#peerEnded) this.#endUnfinished();
  }

  /** The client has closed its half, and what waited is used up: a request that is not whole by now never will be. */
  #endUnfinished(): void {
    if (this.#state === "head" || this.#state === "body") this.#onEnd();
  }

  /** What waited was not the tail of a read: nobody else will flush it. */
  #afterWaiting(): void {
    this.#sink?.onRequestFlush();
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
    this.#waiting.take();
    this.#writer.flush();
    this.#socket.end();
    this.#linger();
    if (!this.#peerEnded && this.#socket.isPaused()) this.#socket.resume();
  }

  #linger(): void {
    this.#state = "closing";
    this.#lingering = new LingeringClose(this.#socket, this.#options, this.#deadline);
    this.#lingering.begin(this.#writer.isOut);
  }
}
