/**
 * Waiting with a deadline: a test that waits for something that never comes fails with the name of what it waited for,
 * long before the runner's own time-out says nothing.
 */
import type { EventEmitter } from "node:events";

/** Long, as it is only ever waited out by a test that fails: a machine that has no time for us must not look like a fault. */
const defaultMs = 40_000;

/** The promise's value, or a failure that names `what` after `ms`. */
export async function within<T>(promise: Promise<T>, what: string, ms: number = defaultMs): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The arguments of the next `event` of an emitter. An "error" event rejects. */
export async function nextEvent(
  emitter: EventEmitter,
  event: string,
  ms: number = defaultMs,
): Promise<readonly unknown[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly unknown[]>();
  const onEvent = (...args: readonly unknown[]): void => resolve(args);
  emitter.once(event, onEvent);
  if (event !== "error") emitter.once("error", reject);
  try {
    return await within(promise, `the event "${event}"`, ms);
  } finally {
    emitter.off(event, onEvent);
    emitter.off("error", reject);
  }
}

/** Resolves once `holds` is true, asking again every few milliseconds: for what announces itself by no event. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  ms: number = defaultMs,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
