/** The second opinions: nginx and HAProxy, each in front of a recorder that shows how it read a request; node:http itself. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { HeaderLine } from "@waystone/testkit/read-head";
import type { Address } from "./ask.ts";
import { type RunningProxy, startHaproxyProxy, startNginxProxy } from "./proxies.ts";
import { buildReading, type Reading } from "./reading.ts";
import { openRecorder } from "./recorder.ts";

export interface Reader {
  readonly name: string;
  readonly address: Address;
  /** How it read the requests of this x-case, in order. */
  readings(id: string): readonly Reading[];
  /** Requests that nobody sent: x-cases that were never asked for. */
  ids(): readonly string[];
  stop(): Promise<void>;
}

/** All three; none may be missing. */
export async function startReaders(folder: string): Promise<readonly Reader[]> {
  return [
    await behindProxy("nginx", startNginxProxy, folder),
    await behindProxy("haproxy", startHaproxyProxy, folder),
    await startNodeReader(),
  ];
}

async function startNodeReader(): Promise<Reader> {
  const seen = new Map<string, Reading[]>();
  const server = http.createServer(
    { maxHeaderSize: 131_072, keepAliveTimeout: 60_000 },
    (request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const headers = pairHeaders(request.rawHeaders);
        const id = headers
          .filter(([name]) => name.toLowerCase() === "x-case")
          .map(([, value]) => value)
          .join("|");
        const reading = buildReading(request.method ?? "", request.url ?? "", headers, Buffer.concat(pieces));
        seen.set(id, [...(seen.get(id) ?? []), reading]);
        response.end("ok");
      });
    },
  );
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    name: "node:http",
    address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    readings: (id) => seen.get(id) ?? [],
    ids: () => [...seen.keys()],
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function behindProxy(
  name: string,
  start: (folder: string, backendPort: number) => Promise<RunningProxy>,
  folder: string,
): Promise<Reader> {
  const recorder = await openRecorder();
  const proxy = await start(folder, recorder.port);
  return {
    name,
    address: proxy.address,
    readings: (id) =>
      (recorder.requests.get(id) ?? []).map(({ method, target, headers, body }) =>
        buildReading(method, target, headers, body),
      ),
    ids: () => [...recorder.requests.keys()],
    async stop() {
      await proxy.stop();
      await recorder.close();
    },
  };
}

/** node:http gives latin1 text, names and values in turn. */
function pairHeaders(raw: readonly string[]): readonly HeaderLine[] {
  return Array.from(
    { length: raw.length / 2 },
    (_, at) => [raw[2 * at] ?? "", raw[2 * at + 1] ?? ""] as const,
  );
}
