/** One download, read no faster than a given rate: what the proxy cannot pass on it must hold or refuse to take. */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface SlowRead {
  readonly host: string;
  readonly port: number;
  readonly target: string;
  readonly bytes: number;
  readonly bytesPerSecond: number;
  /** Called every few milliseconds. */
  readonly onStep: () => void;
}

const stepMs = 10;

export async function readSlowly(read: SlowRead): Promise<void> {
  const socket = net.connect({ host: read.host, port: read.port });
  const failure = Promise.withResolvers<never>();
  socket.on("error", failure.reject);
  socket.on("close", () => failure.reject(new Error("the download was cut short")));
  failure.promise.catch(() => {});
  let received = 0;
  socket.on("data", (piece: Buffer) => {
    received += piece.length;
  });
  socket.pause();
  socket.write(`GET ${read.target} HTTP/1.1\r\nHost: bench.test\r\n\r\n`);
  const start = performance.now();
  while (received < read.bytes) {
    const allowed = ((performance.now() - start) / 1000) * read.bytesPerSecond;
    if (received < allowed) socket.resume();
    else socket.pause();
    read.onStep();
    await Promise.race([sleep(stepMs), failure.promise]);
  }
  socket.removeAllListeners("close");
  socket.destroy();
}
