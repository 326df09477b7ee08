/**
 * A client's connection on a port declared HTTP: HTTP/1.1 or HTTP/2, whichever its first bytes say
 * (http/h2/protocol-chooser.ts). Until they do it counts as idle.
 */
import type { Socket } from "node:net";
import { ServerConnection as Http1Connection } from "../http/h1/server-connection.ts";
import type { Http2Context } from "../http/h2/http2-context.ts";
import { type ChosenProtocol, ProtocolChooser } from "../http/h2/protocol-chooser.ts";
import { ServerConnection as Http2Connection } from "../http/h2/server-connection.ts";
import type { HeldBytes } from "../http/held-bytes.ts";
import type { RequestHead } from "../http/message.ts";
import type { ServeRequest } from "../http/stream.ts";
import type { ConnectionContext } from "../proxy/connection-context.ts";
import type { LongLived, LongLivedSeat } from "../proxy/long-lived.ts";
import type { ProxyErrorKind } from "../proxy/proxy-error.ts";
import { logRefusal } from "../proxy/refused-request.ts";
import { serveRequest } from "../proxy/serve-request.ts";
import type { Deadlines } from "./deadlines.ts";
import type { SocketReader } from "./socket-reader.ts";

export interface HttpConnectionOptions {
  readonly context: ConnectionContext;
  readonly http2: Http2Context;
  readonly socket: Socket;
  readonly reader: SocketReader;
  readonly deadlines: Deadlines;
  readonly held: HeldBytes;
  readonly peerAddress: string;
  readonly onClosed: () => void;
}

/** Long-lived for its requests: a stream that policies forbid by now is not let run on. */
export class HttpConnection implements LongLived {
  readonly #options: HttpConnectionOptions;
  readonly #chooser: ProtocolChooser;
  readonly #seat: LongLivedSeat;
  #chosen: Http1Connection | Http2Connection | undefined = undefined;
  #closesAfterNext = false;

  constructor(options: HttpConnectionOptions) {
    const { context, socket, reader, deadlines } = options;
    this.#options = options;
    this.#chooser = new ProtocolChooser({
      socket,
      reader,
      deadlines,
      // Half of it to say the first word, so that a peer that is slow at both is gone in one and a half.
      headerMs: context.proxy.settings.timeouts.headerMs / 2,
      open: (protocol) => this.#open(protocol),
      onClosed: () => this.#closed(),
    });
    this.#seat = context.proxy.longLived.add(this);
  }

  #closed(): void {
    this.#options.context.proxy.longLived.delete(this.#seat);
    this.#options.onClosed();
  }

  /** Idle ones end now; others after what is under way. */
  drain(): void {
    if (this.#chosen === undefined) this.#chooser.destroy();
    else this.#chosen.drain();
  }

  /** The next request is answered, and is the last; HTTP/2 says GOAWAY and serves what is on its way. */
  closeAfterNext(): void {
    this.#closesAfterNext = true;
    this.#chosen?.closeAfterNext();
  }

  get listenKey(): string {
    return this.#options.context.listenKey;
  }

  recheck(): void {
    this.#chosen?.followConfiguration();
  }

  destroy(): void {
    if (this.#chosen === undefined) this.#chooser.destroy();
    else this.#chosen.destroy();
  }

  #open(protocol: ChosenProtocol): Http1Connection | Http2Connection {
    const { context, http2, socket, reader, deadlines, held, peerAddress } = this.#options;
    const peer = { peerAddress, peerPort: socket.remotePort ?? 0 };
    const serve: ServeRequest = (stream, head) => serveRequest(context, stream, head);
    const parts = {
      ...peer,
      socket,
      reader,
      localAddress: context.listenKey,
      serve,
      onRefused: (kind: ProxyErrorKind, problem: string, head: RequestHead) =>
        logRefusal(context, peer, kind, problem, head),
      onClosed: () => this.#closed(),
    };
    const { limits, timeouts } = context.proxy.settings;
    this.#chosen =
      protocol === "http/2"
        ? new Http2Connection({ ...parts, context: http2 })
        : new Http1Connection({ ...parts, limits, timeouts, deadlines, held });
    if (this.#closesAfterNext) this.#chosen.closeAfterNext();
    return this.#chosen;
  }
}
