/**
 * One stream of a waypoint on one connection to a controller, ended with it. gRPC by hand over node:http2: the connection is
 * ours (dial-controller.ts chose it among several and knows why the others failed), which grpc-js has no place for.
 */
import { errorMessage } from "@waystone/base/error-message";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import type { Clock } from "@waystone/base/clock";
import type { DeltaClient } from "../client/delta-client.ts";
import { clientLimits, type Keepalive } from "./channel-settings.ts";
import { deltaMethod } from "./delta-method.ts";
import { frameMessage, MessageReader } from "./message-reader.ts";
import { openKeepalive } from "./open-keepalive.ts";

export interface OpenCallOptions {
  readonly client: DeltaClient;
  /** Connected, and secured where it is to be. */
  readonly socket: Socket;
  readonly scheme: "http" | "https";
  readonly authority: string;
  readonly token: string | undefined;
  readonly clock: Clock;
  readonly keepalive: Keepalive;
  /** A response was received and answered: the controller is there and understood. */
  readonly answered: () => void;
  /** Once, unless closed from this side. */
  readonly ended: (end: CallEnd) => void;
}

export interface CallEnd {
  readonly reason: string;
  /** The controller's gRPC status; undefined where the connection broke. */
  readonly code: number | undefined;
}

/** Answers with what closes the attempt. */
export function openCall(options: OpenCallOptions): () => void {
  const { client, keepalive, clock, answered, ended } = options;
  const session = openSession(options);
  const stream = openStream(session, options);
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    ping.close();
    client.disconnected();
    stream.close();
    session.destroy();
  };
  const fail = (end: CallEnd): void => {
    if (!isOpen) return;
    close();
    ended(end);
  };
  const breakOff = (reason: string): void => fail({ reason, code: undefined });
  const ping = openKeepalive({ session, clock, keepalive, lost: breakOff });
  const status = watchStatus(stream);
  session.on("error", (error) => breakOff(error.message));
  session.on("close", () => breakOff("the connection to the controller ended"));
  stream.on("error", (error) => fail(status.end ?? { reason: error.message, code: undefined }));
  stream.on("close", () =>
    fail(status.end ?? { reason: "the controller ended the stream", code: undefined }),
  );
  stream.on("drain", () => void (isOpen && client.writable()));
  client.open({ send: (bytes) => isOpen && stream.write(frameMessage(bytes)), close: breakOff });
  const receive = async (bytes: Uint8Array): Promise<void> => {
    await client.receive(bytes);
    if (isOpen) answered();
  };
  void readMessages(stream, receive).then(
    () => fail(status.end ?? { reason: "the controller ended the stream", code: undefined }),
    (error: unknown) => fail(status.end ?? { reason: errorMessage(error), code: undefined }),
  );
  return close;
}

function openSession({ socket, scheme, authority }: OpenCallOptions): ClientHttp2Session {
  const session = connect(`${scheme}://${authority}`, {
    createConnection: () => socket,
    maxSessionMemory: clientLimits.sessionMegabytes,
    // A push arrives whole in one window instead of 64 KiB at a time.
    settings: { initialWindowSize: clientLimits.windowBytes, enablePush: false },
  });
  session.once("connect", () => session.setLocalWindowSize(clientLimits.windowBytes));
  // As the timers of a Clock: waiting for a controller keeps no process alive.
  session.unref();
  return session;
}

function openStream(session: ClientHttp2Session, { token }: OpenCallOptions): ClientHttp2Stream {
  return session.request({
    ":method": "POST",
    ":path": deltaMethod.path,
    "content-type": "application/grpc",
    te: "trailers",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  });
}

/** One response at a time: what comes behind it waits on the wire, not in memory. */
async function readMessages(
  stream: ClientHttp2Stream,
  receive: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const reader = new MessageReader(clientLimits.responseBytes);
  for await (const chunk of stream) {
    for (const message of reader.push(chunk as Buffer)) await receive(message);
  }
}

/** What the controller said at the end: in trailers, or in a response that is nothing else. */
function watchStatus(stream: ClientHttp2Stream): { readonly end: CallEnd | undefined } {
  const status: { end: CallEnd | undefined } = { end: undefined };
  const note = (headers: IncomingHttpHeaders): void => {
    const code = headers["grpc-status"];
    if (code === undefined) return;
    const text = headers["grpc-message"];
    const reason = typeof text === "string" ? decodeReason(text) : `gRPC status ${String(code)}`;
    status.end = { reason, code: Number(code) };
  };
  stream.on("response", (headers) => {
    note(headers);
    if (headers[":status"] === 200 || status.end !== undefined) return;
    status.end = { reason: `no push API there: HTTP status ${String(headers[":status"])}`, code: undefined };
    stream.close();
  });
  stream.on("trailers", note);
  return status;
}

/** Percent-encoded, and whoever encoded it may have erred. */
function decodeReason(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
