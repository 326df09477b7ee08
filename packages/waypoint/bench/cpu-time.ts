/** CPU time of this thread: what neighbours on the machine take does not count. */
export function cpuUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** The least of some rounds, in microseconds for each call. */
export function leastCpuUs(calls: number, call: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10; round++) {
    const start = cpuUs();
    for (let i = 0; i < calls; i++) sink = call();
    least = Math.min(least, (cpuUs() - start) / calls);
  }
  return least;
}

let sink: unknown;

/** Whatever is not used is not computed. */
export function lastResult(): unknown {
  return sink;
}
