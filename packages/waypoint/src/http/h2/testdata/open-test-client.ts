/** The client side of the codec without a proxy before it: what comes back is recorded. */
import { type Clock, systemClock } from "@waystone/base/clock";
import { systemRng } from "@waystone/base/rng";
import { until } from "@waystone/testkit/within";
import { Deadlines } from "../../../listener/deadlines.ts";
import { ReadBuffers } from "../../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../../proxy/proxy-error.ts";
import { defaultSettings } from "../../../settings.ts";
import { DialPace } from "../../../upstream/dial-pace.ts";
import { dialPlain } from "../../../upstream/dial-plain.ts";
import { plainDropped } from "../../dropped-headers.ts";
import type { HeaderBlock } from "../../header-block.ts";
import { noBody, type ResponseHead } from "../../message.ts";
import type { OutgoingRequest } from "../../outgoing.ts";
import type { ResponseSink, Taken } from "../../stream.ts";
import { ClientConnection } from "../client-connection.ts";
import type { ClientStream } from "../client-stream.ts";
import { Http2Context } from "../http2-context.ts";
import { defaultHttp2Settings, type Http2Settings } from "../http2-settings.ts";
import { linesOf } from "./open-test-server.ts";

export interface TestClientOptions {
  readonly settings?: Partial<Http2Settings>;
  readonly clock?: Clock;
  /** False: it is given back while it is connecting. */
  readonly isWaitedFor?: boolean;
}

export interface TestClient {
  readonly connection: ClientConnection;
  /** What became of the connection: "open", "closed", or why it never came about. */
  readonly state: () => string;
  ask(request?: Partial<OutgoingRequest>, body?: Buffer): Answer;
  close(): void;
}

export async function openTestClient(port: number, options: TestClientOptions = {}): Promise<TestClient> {
  const clock = options.clock ?? systemClock;
  const deadlines = new Deadlines(clock);
  const context = new Http2Context({
    clock,
    rng: systemRng,
    deadlines,
    limits: defaultSettings.limits,
    timeouts: defaultSettings.timeouts,
    settings: { ...defaultHttp2Settings, ...options.settings },
  });
  let state = "connecting";
  const connection = new ClientConnection({
    context,
    buffers: new ReadBuffers(),
    dial: (reader) => dialPlain("127.0.0.1", port, reader, new DialPace()),
    onConnected: () => {
      state = "open";
    },
    onCapacity: () => {},
    onClosed: (_, failure) => {
      state = failure === undefined ? "closed" : failure.detail;
    },
  });
  // Tests whose endpoint says its SETTINGS later wait for themselves.
  if (options.isWaitedFor !== false) await until(() => state !== "connecting", "the connection is there");
  return {
    connection,
    state: () => state,
    ask(request = {}, body) {
      const answer = new Answer();
      answer.stream = connection.begin(answer);
      answer.stream.sendHead(outgoing({ bodyLength: body?.length ?? noBody, ...request }));
      if (body !== undefined && body.length > 0) answer.stream.sendData(body);
      if (request.bodyLength === undefined) answer.stream.sendEnd(undefined);
      return answer;
    },
    close() {
      connection.destroy();
      deadlines.close();
    },
  };
}

export function outgoing(request: Partial<OutgoingRequest>): OutgoingRequest {
  return {
    method: "GET",
    target: "/",
    authority: "web.shop",
    block: undefined,
    dropped: plainDropped,
    connectionNames: undefined,
    modifiers: [],
    added: "",
    bodyLength: noBody,
    expectsContinue: false,
    acceptsTrailers: false,
    forwarded: undefined,
    upgrade: "",
    ...request,
  };
}

/** Everything that an answer brought. */
export class Answer implements ResponseSink {
  stream: ClientStream | undefined = undefined;
  status = 0;
  informational: number[] = [];
  headers: readonly (readonly [string, string])[] = [];
  bodyLength = -2;
  trailers: readonly (readonly [string, string])[] | undefined = undefined;
  /** "open", "whole", or "kind: detail". */
  state = "open";
  /** What to say to DATA, and after it. */
  taken: Taken = "done";
  drains = 0;
  readonly #body: Buffer[] = [];

  get body(): Buffer {
    return Buffer.concat(this.#body);
  }

  onInformational(head: ResponseHead): void {
    this.informational.push(head.status);
  }

  onResponseHead(head: ResponseHead): void {
    this.status = head.status;
    this.headers = linesOf(head.headers);
    this.bodyLength = head.bodyLength;
  }

  onResponseData(bytes: Buffer): Taken {
    this.#body.push(Buffer.from(bytes));
    if (this.taken === "full") this.stream?.pauseResponse();
    return this.taken;
  }

  onResponseEnd(trailers: HeaderBlock | undefined): void {
    this.trailers = trailers === undefined ? undefined : linesOf(trailers);
    this.state = "whole";
  }

  onUpstreamError(kind: ProxyErrorKind, detail: string): void {
    this.state = `${kind}: ${detail}`;
  }

  onUpstreamDrain(): void {
    this.drains++;
  }

  onResponseFlush(): void {}

  async over(): Promise<this> {
    await until(() => this.state !== "open", "the answer is over");
    return this;
  }
}
