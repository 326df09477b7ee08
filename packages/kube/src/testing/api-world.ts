/**
 * A faulty API server, a transport to it and a clock that stands still: the world of this package's tests. Bytes travel over
 * real sockets; time passes only in `pass`, from timer to timer, and only when all bytes have arrived.
 */
import { ManualClock } from "@waystone/testkit/manual-clock";
import {
  type FaultyApiServer,
  type FaultyApiServerOptions,
  openFaultyApiServer,
} from "@waystone/testkit/faulty-api-server/faulty-api-server";
import { watchLoopback } from "./loopback-traffic.ts";
import { openTransport } from "../transport/open-transport.ts";
import type { Transport } from "../transport/transport.ts";
import { fixedCredential } from "../transport/transport-config.ts";

export interface ApiWorld {
  readonly clock: ManualClock;
  readonly server: FaultyApiServer;
  readonly transport: Transport;
  /** Until nothing moves any more. */
  settle(): Promise<void>;
  /** Lets time pass, and calls `each` whenever something may have happened. */
  pass(ms: number, each?: () => void): Promise<void>;
  /** Lets time pass until `holds`, and says how long it took; throws after `limitMs` of it. */
  passUntil(holds: () => boolean, what: string, limitMs?: number): Promise<number>;
  close(): Promise<void>;
}

/** Turns of the event loop without any activity, after which this process has done all that it had to do. */
const quietTurns = 8;
/** So long we wait for bytes that are under way: a starved machine's kernel delivers them late, and who reads nothing never. */
const patienceMs = 10_000;

export async function openApiWorld(options: FaultyApiServerOptions = {}): Promise<ApiWorld> {
  const clock = new ManualClock();
  const server = await openFaultyApiServer({ clock, ...options });
  const config = { server: server.url, namespace: "default", credentials: fixedCredential({ tls: {} }) };
  const counted = { activity: 0 };
  const transport = counting(openTransport(config, { clock }), counted);
  const traffic = watchLoopback(Number(new URL(server.url).port));

  const settle = async (): Promise<void> => {
    let last = -1;
    let since = performance.now();
    const isLate = (): boolean => performance.now() - since > patienceMs;
    for (let quiet = 0; quiet < quietTurns || (traffic.isUnderWay && !isLate()); quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      const activity = server.activity + counted.activity;
      if (activity !== last) [quiet, since] = [0, performance.now()];
      last = activity;
    }
  };
  const step = async (leftMs: number): Promise<number> => {
    const ms = Math.min(leftMs, Math.max(0.001, clock.nextInMs ?? leftMs));
    clock.advance(ms);
    await settle();
    return ms;
  };
  return {
    clock,
    server,
    transport,
    settle,
    async pass(ms, each = () => {}) {
      await settle();
      each();
      for (let left = ms; left > 0; each()) left -= await step(left);
    },
    async passUntil(holds, what, limitMs = 600_000) {
      await settle();
      let passed = 0;
      while (!holds()) {
        if (passed >= limitMs) throw new Error(`${limitMs} ms passed in vain until ${what}`);
        passed += await step(limitMs - passed);
      }
      return passed;
    },
    async close() {
      traffic.close();
      await transport.close();
      await server.close();
    },
  };
}

function counting(transport: Transport, counted: { activity: number }): Transport {
  return {
    namespace: transport.namespace,
    async request<T>(request: Parameters<Transport["request"]>[0]): Promise<T> {
      counted.activity++;
      try {
        return await transport.request<T>(request);
      } finally {
        counted.activity++;
      }
    },
    async stream(request) {
      counted.activity++;
      const chunks = await transport.stream(request);
      return (async function* () {
        try {
          for await (const chunk of chunks) {
            counted.activity++;
            yield chunk;
          }
        } finally {
          counted.activity++;
        }
      })();
    },
    close: () => transport.close(),
  };
}
