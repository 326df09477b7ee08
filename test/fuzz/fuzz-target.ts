/** Something that takes noise: each case is decided by its seed alone, so that a failure can be played again. */
export interface FuzzTarget {
  /** Plays the cases, all at once if it likes; tells of each that broke a rule, by its seed. */
  play(seeds: readonly number[], tell: TellProblem): Promise<void>;
  close(): Promise<void>;
}

export type TellProblem = (seed: number, problem: string) => void;

/** One after another, in this thread: what throws, or takes 100 ms of CPU, broke a rule. */
export function inProcess(run: (seed: number) => void): () => Promise<FuzzTarget> {
  const target: FuzzTarget = {
    async play(seeds, tell) {
      for (const seed of seeds) {
        const before = process.threadCpuUsage();
        try {
          run(seed);
        } catch (error) {
          tell(seed, error instanceof Error ? (error.stack ?? error.message) : String(error));
        }
        const { user, system } = process.threadCpuUsage(before);
        if (user + system > hangUs) tell(seed, `took ${(user + system) / 1000} ms`);
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
