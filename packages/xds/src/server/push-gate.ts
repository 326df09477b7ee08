/**
 * When changes go out: the first one at once, and those within the window after it together at its end. Urgent ones never
 * wait, and take with them what was being gathered.
 */
import type { Clock, Timer } from "@waystone/base/clock";

export interface PushGate {
  changed(urgent: boolean): void;
  close(): void;
}

export function openPushGate(options: {
  readonly clock: Clock;
  readonly windowMs: number;
  readonly release: () => void;
}): PushGate {
  const { clock, windowMs, release } = options;
  let opensAt = -Infinity;
  let timer: Timer | undefined;

  const close = (): void => {
    timer?.cancel();
    timer = undefined;
  };
  const open = (): void => {
    close();
    opensAt = clock.now() + windowMs;
    release();
  };
  return {
    changed(urgent) {
      const waitMs = opensAt - clock.now();
      if (urgent || waitMs <= 0) open();
      else timer ??= clock.after(waitMs, open);
    },
    close,
  };
}
