/**
 * What something costs this thread, in milliseconds of its own: unlike a clock, it does not count the time that a busy machine
 * gives to others, so that a bound on it says something about the code.
 */
export function cpuMsOf(run: () => void): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
