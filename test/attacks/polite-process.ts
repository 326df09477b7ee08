/** The others: a client that asks at a steady rate, in a process of its own so that it measures nobody but the data plane. */
import { percentile } from "../bench/statistics.ts";
import { runOpenLoop } from "../bench/load/open-loop.ts";

export interface PoliteOrder {
  readonly port: number;
  readonly seconds: number;
}

/** What it measures. */
export interface PoliteAnswer {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answered: number;
  readonly failed: number;
}

export interface PoliteFigures extends PoliteAnswer {
  /** How many times longer who has a part in an answer took, for others that had the processors (processor-time.ts). */
  readonly starvation: number;
}

const perSecond = 300;

process.on("message", ({ port, seconds }: PoliteOrder) => void measure(port, seconds));

async function measure(port: number, seconds: number): Promise<void> {
  const load = { host: "127.0.0.1", port, target: "/", perSecond, seconds };
  const { latenciesUs, errors } = await runOpenLoop(load);
  const figures: PoliteAnswer = {
    p50Ms: percentile(latenciesUs, 50) / 1000,
    p99Ms: percentile(latenciesUs, 99) / 1000,
    answered: latenciesUs.length,
    failed: errors,
  };
  process.send?.(figures);
}
