/** One piece of work at a time, however many ask: those who ask meanwhile share its outcome. Bounds what a scrape can cost. */
export function shareInFlight<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}
