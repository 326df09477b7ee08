/**
 * The end of the line: a server that reads every request strictly, keeps it with its exact bytes under its x-case, and
 * answers 200. Behind the subject it shows what was forwarded; behind a peer it shows how the peer read that.
 */
import net from "node:net";
import { headerValues } from "@waystone/testkit/read-head";
import { type ReadRequest, readRequest } from "@waystone/testkit/read-message";

export interface Recorder {
  readonly port: number;
  /** By x-case; requests without one are under "". Forgets nothing until told. */
  readonly requests: Map<string, ReadRequest[]>;
  /** Bytes that are no request, or the beginning of one that never ended, as text. */
  readonly leftovers: string[];
  close(): Promise<void>;
}

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const answerToHead = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

export async function openRecorder(): Promise<Recorder> {
  const requests = new Map<string, ReadRequest[]>();
  const leftovers: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let pending: Buffer = Buffer.alloc(0);
    const keepRest = (): void => {
      if (pending.length > 0) leftovers.push(pending.toString("latin1"));
      pending = Buffer.alloc(0);
      sockets.delete(socket);
    };
    socket.on("data", (piece: Buffer) => {
      pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
      try {
        pending = takeRequests(pending, (request) => {
          const id = headerValues(request.headers, "x-case").join("|");
          requests.set(id, [...(requests.get(id) ?? []), request]);
          socket.write(request.method === "HEAD" ? answerToHead : answer);
        });
      } catch {
        keepRest();
        socket.destroy();
      }
    });
    socket.on("error", () => {});
    socket.on("close", keepRest);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", 4096, resolve);
  await promise;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => server.close(() => done()));
  };
  return { port: (server.address() as net.AddressInfo).port, requests, leftovers, close };
}

function takeRequests(bytes: Buffer, take: (request: ReadRequest) => void): Buffer {
  let at = 0;
  for (;;) {
    const request = at < bytes.length ? readRequest(bytes, at) : undefined;
    if (request === undefined) return Buffer.from(bytes.subarray(at));
    at += request.raw.length;
    // A copy: the piece that it is cut from is larger, and would stay in memory with it.
    take({ ...request, raw: Buffer.from(request.raw), body: Buffer.from(request.body) });
  }
}
