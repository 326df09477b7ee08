/**
 * How a process ends: the first SIGTERM or SIGINT drains, a second one exits at once (whoever presses Ctrl-C twice means
 * it). Listens from when it is called, so that a signal right after "serving" is not the system's sudden end.
 */
import { constants } from "node:os";
import type { Logger } from "@waystone/base/logger";

const signals = ["SIGTERM", "SIGINT"] as const;

/** Resolves when `shutDown`, which runs once at the first signal, is done: the process then ends by itself with 0. */
export async function awaitShutdown(
  logger: Logger,
  started: () => void,
  shutDown: () => Promise<void>,
): Promise<void> {
  const asked = Promise.withResolvers<NodeJS.Signals>();
  let isAsked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isAsked) process.exit(128 + constants.signals[signal]);
    isAsked = true;
    asked.resolve(signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  started();
  const signal = await asked.promise;
  logger.info({ signal }, "shutting down; the same signal again exits at once");
  await shutDown();
  logger.info({}, "bye");
}
