/** One connection that asks again and again until an answer shows a change: from its write to its effect. */
import net from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

const deadlineMs = 10_000;
/** Fine enough, and leaves the proxy its core. */
const betweenProbesMs = 0.5;

export interface ProbeAnswer {
  readonly status: number;
  /** The value of x-generation. */
  readonly generation: string | undefined;
}

export interface Prober {
  /** Asks until an answer is what is wanted, and fails after 10 seconds. */
  until(target: string, isWanted: (answer: ProbeAnswer) => boolean): Promise<void>;
  close(): void;
}

export async function openProber({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<Prober> {
  const connected = Promise.withResolvers<void>();
  const socket = net.connect({ host, port, noDelay: true }, connected.resolve);
  socket.setEncoding("latin1");
  let waiting = Promise.withResolvers<ProbeAnswer>();
  let text = "";
  socket.on("error", connected.reject);
  socket.on("close", () => waiting.reject(new Error("the proxy closed the probe's connection")));
  socket.on("data", (piece: string) => {
    text += piece;
    const head = text.indexOf("\r\n\r\n");
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    if (head < 0 || text.length < head + 4 + length) return;
    const status = Number(text.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length));
    const generation = /\r\nx-generation: *(\d+)/i.exec(text)?.[1];
    text = "";
    waiting.resolve({ status, generation });
  });
  await connected.promise;
  const ask = async (target: string): Promise<ProbeAnswer> => {
    waiting = Promise.withResolvers();
    socket.write(`GET ${target} HTTP/1.1\r\nHost: bench.test\r\n\r\n`);
    return await waiting.promise;
  };
  return {
    async until(target, isWanted) {
      const start = performance.now();
      while (!isWanted(await ask(target))) {
        if (performance.now() - start > deadlineMs)
          throw new Error(`${target} shows no effect after ${deadlineMs} ms`);
        const next = performance.now() + betweenProbesMs;
        while (performance.now() < next) await nextTurn();
      }
    },
    close() {
      waiting.promise.catch(() => {});
      socket.destroy();
    },
  };
}
