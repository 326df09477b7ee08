/**
 * An endpoint of gRPC that does not keep to it, as the path says: /peers.Breaker/before-8 resets the stream with code 8 in place of
 * an answer, /head and /message break it off behind its head and behind a message, /end ends it there without trailers.
 */
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";

export interface GrpcBreaker {
  readonly port: number;
  close(): Promise<void>;
}

export const breakerPrefix = "/peers.Breaker/";

/** "hello", uncompressed. */
const message: Buffer = Buffer.from("\0\0\0\0\x05hello", "latin1");

export async function openGrpcBreaker(): Promise<GrpcBreaker> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => {});
  });
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", () => {});
    stream.resume();
    stream.on("end", () => breakOff(stream, headers[":path"]?.slice(breakerPrefix.length) ?? ""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function breakOff(stream: ServerHttp2Stream, how: string): void {
  const [where, code] = how.split("-");
  if (where === "before") return stream.close(Number(code));
  stream.respond({ "content-type": "application/grpc" });
  if (where === "end") return void stream.end(message);
  // close() would end it properly first; this is INTERNAL_ERROR.
  const destroy = (): void => void stream.destroy(new Error("broken off"));
  // A head that is not flushed yet would go with it.
  if (where === "head") stream.session?.ping(destroy);
  else stream.write(message, destroy);
}
