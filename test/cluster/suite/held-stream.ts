/** A client that holds on to what does not end by itself (stream-pod.ts): an answer that goes on, or a WebSocket's tunnel. */
import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";

export interface HeldStream {
  /** When it ended, however, by performance.now(). */
  readonly endedAt: Promise<number>;
  /** Whether it is over. */
  isOver(): boolean;
  /** How much has arrived, in pieces. */
  pieces(): number;
}

export type Shape = "stream" | "websocket";

const upgrade = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": Buffer.alloc(16, 7).toString("base64"),
};

/** Resolves when the first piece is there; fails with the status where it is refused. Closed when its test is over. */
export async function holdStream(
  host: string,
  shape: Shape,
  headers: OutgoingHttpHeaders,
): Promise<HeldStream> {
  const own = shape === "websocket" ? upgrade : {};
  const asked = request({ host, path: `/${shape}`, agent: false, headers: { ...headers, ...own } });
  const readable = await openedBy(asked, shape);
  const ended = Promise.withResolvers<number>();
  const first = Promise.withResolvers<void>();
  onTestFinished(() => void readable.destroy());
  let isOver = false;
  let pieces = 0;
  readable.on("data", () => {
    pieces++;
    first.resolve();
  });
  readable.on("error", () => {});
  readable.on("close", () => {
    isOver = true;
    ended.resolve(performance.now());
    first.reject(new Error(`the ${shape} ended before its first piece`));
  });
  await first.promise;
  return { endedAt: ended.promise, isOver: () => isOver, pieces: () => pieces };
}

async function openedBy(asked: ClientRequest, shape: Shape): Promise<Readable> {
  const { promise, resolve, reject } = Promise.withResolvers<Readable>();
  const refuse = ({ statusCode }: IncomingMessage): void => {
    asked.destroy();
    reject(new Error(`the ${shape} is refused with ${statusCode}`));
  };
  asked.on("error", reject);
  asked.on("upgrade", (_, socket) => resolve(socket));
  asked.on("response", (response) => {
    if (shape === "stream" && response.statusCode === 200) resolve(response);
    else refuse(response);
  });
  asked.end();
  return await promise;
}
