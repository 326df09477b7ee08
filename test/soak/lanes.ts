/** Traffic of the soak: each lane does one thing over and over, and says how it went. A failure is one that nobody asked for. */
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import type { SoakPlaces } from "./manifests.ts";

export interface Lane {
  readonly name: string;
  /** Rejects where it failed. */
  readonly once: (places: SoakPlaces) => Promise<void>;
}

const patienceMs = 20_000;
const body = "x".repeat(20_000);

/** Writes `said`, resolves once `isWhole` holds of what came. `ends`: closes its half first, and waits for the other's. */
async function talk(
  host: string,
  port: number,
  said: string,
  isWhole: (text: string) => boolean,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket: Socket = connect({ host, port }, () => socket.write(said));
  const timer = setTimeout(() => reject(new Error("no whole answer in time")), patienceMs);
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (piece: string) => {
    text += piece;
    if (isWhole(text)) resolve();
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error(`closed after ${JSON.stringify(text.slice(0, 60))}`)));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

const get = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
const post = `POST / HTTP/1.1\r\nHost: web\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const upgrade =
  "GET /ws HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const isOk = (text: string): boolean => text.startsWith("HTTP/1.1 200") && text.endsWith("ok");

async function streams({ address, grpc }: SoakPlaces, count: number, cancels: boolean): Promise<void> {
  const session = connectHttp2(`http://${address}:${grpc}`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("streams did not end in time")), patienceMs);
  session.on("error", reject);
  let left = count;
  for (let i = 0; i < count; i++) {
    const stream = session.request({
      ":method": "POST",
      ":path": "/soak.Echo/Both",
      "content-type": "application/grpc",
      te: "trailers",
    });
    let status = "";
    stream.on("response", ({ "grpc-status": early, "grpc-message": message }) => {
      if (early !== undefined) status = `${String(early)} (${String(message)})`;
    });
    stream.on("trailers", ({ "grpc-status": late }) => (status = String(late ?? "")));
    stream.on("error", reject);
    stream.resume();
    stream.on("close", () => {
      if (!cancels && status !== "0") reject(new Error(`grpc-status ${status} on stream ${i} of ${count}`));
      left -= 1;
      if (left === 0) resolve();
    });
    for (let message = 0; message < 5; message++) stream.write(`\0\0\0\0\u0005hello`);
    if (cancels) setTimeout(() => stream.close(8), 5);
    else stream.end();
  }
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    session.destroy();
  }
}

/** A client that goes in the middle of its upload. */
async function abort({ address, http }: SoakPlaces): Promise<void> {
  const socket = connect({ host: address, port: http });
  socket.on("error", () => {});
  socket.write(post.slice(0, 5000));
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.resetAndDestroy();
}

export const lanes: readonly Lane[] = [
  {
    name: "HTTP/1.1, a connection for each request",
    once: async ({ address, http }) => await talk(address, http, get, isOk),
  },
  {
    name: "HTTP/1.1, ten requests on a connection",
    once: async ({ address, http }) =>
      await talk(address, http, get.repeat(10), (text) => text.split("\r\n\r\nok").length === 11),
  },
  {
    name: "HTTP/1.1, bodies of 20 kB both ways",
    // Its chunks are as long as what was read at a time.
    once: async ({ address, http }) =>
      await talk(address, http, post, (text) =>
        text.replaceAll(/\r\n[0-9a-f]+\r\n/g, "").includes(body.slice(0, 10_000)),
      ),
  },
  { name: "gRPC streams", once: async (places) => await streams(places, 10, false) },
  { name: "gRPC streams that are cancelled", once: async (places) => await streams(places, 10, true) },
  {
    name: "WebSocket",
    once: async ({ address, http }) =>
      await talk(
        address,
        http,
        `${upgrade}frames`,
        (text) => text.startsWith("HTTP/1.1 101") && text.endsWith("frames"),
      ),
  },
  {
    name: "TCP",
    once: async ({ address, tcp }) => await talk(address, tcp, body, (text) => text.length === body.length),
  },
  { name: "clients that go away", once: abort },
];
