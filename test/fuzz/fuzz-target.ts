/** Something that takes noise: each case is decided by its seed alone, so that a failure can be played again. */
export interface FuzzTarget {
  /** Plays the cases, all at once if it likes; tells of each that broke a rule, by its seed. */
  play(seeds: readonly number[], tell: TellProblem): Promise<void>;
  close(): Promise<void>;
}

export type TellProblem = (seed: number, problem: string) => void;

/**
 * One after another, in this thread: what throws, or takes 100 ms of CPU, broke a rule. A case is the same each time it is played: one
 * that takes long only now and then had a collection of garbage to pay for, or a busy neighbour.
 */
export function inProcess(run: (seed: number) => void): () => Promise<FuzzTarget> {
  const target: FuzzTarget = {
    async play(seeds, tell) {
      for (const seed of seeds) {
        try {
          let took = Number.POSITIVE_INFINITY;
          for (let at = 0; at < tries && took > hangUs; at++) took = Math.min(took, costOf(run, seed));
          if (took > hangUs) tell(seed, `took ${took / 1000} ms`);
        } catch (error) {
          tell(seed, error instanceof Error ? (error.stack ?? error.message) : String(error));
        }
      }
      // Sockets say that they are closed in a later turn.
      await new Promise((resolve) => setImmediate(resolve));
    },
    async close() {},
  };
  return async () => target;
}

/** Of the reference: no hang over 100 ms. */
const hangUs = 100_000;
const tries = 3;

/** Microseconds of this thread's CPU. */
function costOf(run: (seed: number) => void, seed: number): number {
  const before = process.threadCpuUsage();
  run(seed);
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}
