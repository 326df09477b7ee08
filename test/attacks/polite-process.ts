/** The others: a client that asks at a steady rate, in a process of its own so that it measures nobody but the data plane. */
import { runOpenLoop } from "../bench/load/open-loop.ts";

export interface PoliteOrder {
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  readonly port: number;
  readonly seconds: number;
}

/** What it measured. */
export interface PoliteAnswer {
  /** Sorted. */
  readonly latenciesMs: readonly number[];
  readonly failed: number;
}

const perSecond = 300;

process.on("message", (order: PoliteOrder) => void measure(order));

async function measure({ host = "127.0.0.1", port, seconds }: PoliteOrder): Promise<void> {
  const load = { host, port, target: "/", perSecond, seconds };
  const { latenciesUs, errors } = await runOpenLoop(load);
  const answer: PoliteAnswer = {
    latenciesMs: Array.from(latenciesUs, (each) => each / 1000),
    failed: errors,
  };
  process.send?.(answer);
}
