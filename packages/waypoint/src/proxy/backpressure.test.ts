/** A fast sender and a slow reader (D09): the sender waits, memory stays, every byte arrives. */
import { type ChildProcess, fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import { freePort } from "@waystone/testkit/free-port";
import { until } from "@waystone/testkit/within";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import type { FromPlaneProcess, ToPlaneProcess } from "../testing/plane-process.ts";

const rig = useExchangeRig();

const mebibyte = 1024 * 1024;
/** No two parts of it are alike: a buffer that is filled again too early would show. */
const piece = randomBytes(mebibyte);
function digestOf(pieces: number): string {
  const hash = createHash("sha256");
  for (let i = 0; i < pieces; i++) hash.update(piece);
  return hash.digest("hex");
}

interface Scenario {
  readonly protocol: "http" | "tcp";
  readonly upload: boolean;
  /** What is said before the bulk, by its sender; and by the client where the server is the sender. */
  readonly senderHead: (length: number) => string;
  readonly clientHead: string;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  "an answer with a length": {
    protocol: "http",
    upload: false,
    clientHead: "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    senderHead: (length) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`,
  },
  "an upload with a length": {
    protocol: "http",
    upload: true,
    clientHead: "",
    senderHead: (length) => `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n\r\n`,
  },
  "a TCP connection": { protocol: "tcp", upload: false, clientHead: "go", senderHead: () => "" },
};

const planes = new Map<
  string,
  { process: ChildProcess; port: number; server: net.Server; accepted: net.Socket[] }
>();

beforeAll(async () => {
  for (const protocol of ["http", "tcp"] as const) {
    const accepted: net.Socket[] = [];
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {});
      accepted.push(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
    const child = fork(new URL("../testing/plane-process.ts", import.meta.url));
    const port = await freePort();
    child.send({ type: "open", port, endpoint, protocol } satisfies ToPlaneProcess);
    await once(child, "message");
    planes.set(protocol, { process: child, port, server, accepted });
  }
});

afterAll(() => {
  for (const { process, server, accepted } of planes.values()) {
    process.kill();
    server.close();
    for (const socket of accepted) socket.destroy();
  }
});

async function measure(child: ChildProcess): Promise<number> {
  const answer = once(child, "message");
  child.send({ type: "measure" } satisfies ToPlaneProcess);
  const [message] = (await answer) as [FromPlaneProcess];
  return message.type === "measured" ? message.rssBytes : 0;
}

/** As fast as it is taken; counts what was written. */
function pump(socket: net.Socket, pieces: number): () => number {
  let written = 0;
  const more = (): void => {
    while (written < pieces) {
      written++;
      if (!socket.write(piece)) return void socket.once("drain", more);
    }
  };
  more();
  return () => written;
}

/** Reads `stepBytes` at a time, and in between lets everybody do what they can. */
async function readInSteps(
  socket: net.Socket,
  headLength: () => number,
  total: number,
  stepBytes: number,
  between: () => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256");
  let received = 0;
  let skipped = 0;
  let step = stepBytes;
  socket.on("data", (chunk: Buffer) => {
    const skip = Math.min(chunk.length, headLength() - skipped);
    skipped += skip;
    received += chunk.length - skip;
    hash.update(chunk.subarray(skip));
    if (received >= step && step < total) socket.pause();
  });
  for (; step < total; step += stepBytes) {
    await until(() => socket.isPaused(), "the next step is read");
    await between();
    socket.resume();
  }
  await until(() => received === total, "the last step is read");
  return hash.digest("hex");
}

test.for(Object.entries(scenarios))(
  "[D09] %s of 64 MiB to a slow reader costs bounded memory",
  async ([, scenario]) => {
    const plane = planes.get(scenario.protocol)!;
    const run = async (pieces: number, stepBytes: number, between: () => Promise<void>): Promise<string> => {
      const total = pieces * mebibyte;
      const senderHead = scenario.senderHead(total);
      const client = net.connect({ port: plane.port, host: "127.0.0.1" });
      const index = plane.accepted.length;
      await once(client, "connect");
      if (scenario.clientHead !== "") client.write(scenario.clientHead);
      if (scenario.upload) client.write(senderHead);
      await until(() => plane.accepted.length > index, "the endpoint is dialled");
      const server = plane.accepted[index]!;
      const [sender, reader] = scenario.upload ? [client, server] : [server, client];
      if (!scenario.upload) {
        await once(server, "data");
        if (senderHead !== "") server.write(senderHead);
      }
      const written = pump(sender, pieces);
      // The head that arrives is not the one that was sent: it ends where the bulk begins.
      let head: number | undefined;
      reader.prependListener("data", (chunk: Buffer) => {
        head ??= scenario.protocol === "tcp" ? 0 : chunk.indexOf("\r\n\r\n") + 4;
      });
      const digest = await readInSteps(reader, () => head ?? 0, total, stepBytes, between);
      expect(written()).toBe(pieces);
      client.destroy();
      server.destroy();
      return digest;
    };
    // The first run fills what is kept for later: heap, code, buffers. Nobody is slow in it.
    expect(await run(16, 16 * mebibyte, async () => {})).toBe(digestOf(16));
    const before = await measure(plane.process);
    let most = 0;
    const digest = await run(64, 4 * mebibyte, async () => {
      most = Math.max(most, await measure(plane.process));
    });
    expect(digest).toBe(digestOf(64));
    expect(most).toBeGreaterThan(0);
    // Of 64 that pass: V8 and malloc have their moods.
    expect(Math.round((most - before) / mebibyte)).toBeLessThan(32);
  },
);

test("a connection whose answer was held back to its last byte serves the next request", async () => {
  const body = 12 * mebibyte;
  const upstream = await rig.openUpstream({
    answer: ({ target }) => {
      const length = target === "/large" ? body : 2;
      return Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`),
        Buffer.alloc(length),
      ]);
    },
  });
  // Every byte that the kernel does not take at once holds the upstream back.
  const plane = await rig.openPlane({ upstreams: [upstream], settings: { limits: { bufferBytes: 1 } } });
  const [slow, next] = [await rig.openClient(plane), await rig.openClient(plane)];
  let received = 0;
  slow.socket.on("data", (chunk: Buffer) => {
    received += chunk.length;
    slow.socket.pause();
  });
  for (let round = 1; round <= 3; round++) {
    await slow.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => {
      slow.socket.resume();
      return received >= round * body;
    }, "the large answer is read");
    await next.send("GET /small HTTP/1.1\r\nHost: h\r\n\r\n");
    expect((await next.readResponse()).status).toBe(200);
  }
  expect(upstream.connections.length).toBe(1);
});
