/** bcrypt on a thread of its own, which is opened with the first question and again with the next one where it was lost. */
import { Worker } from "node:worker_threads";
import type { PasswordOutcome, PasswordThread } from "./password-checker.ts";

type Tell = (outcome: PasswordOutcome) => void;

/** bcrypt needs 4 kB; the rest is what a thread is. */
const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

export function openPasswordThread(): PasswordThread {
  let worker: Worker | undefined;
  let waiting: Tell | undefined;
  const settle = (outcome: PasswordOutcome): void => {
    const tell = waiting;
    waiting = undefined;
    tell?.(outcome);
  };
  const open = (): Worker => {
    const opened = new Worker(new URL("../worker/start-worker.js", import.meta.url), {
      workerData: { entry: new URL("./compare-passwords.ts", import.meta.url).href },
      resourceLimits,
      execArgv: [],
      name: "passwords",
    });
    // Nobody waits for it to end.
    opened.unref();
    opened.on("message", (isRight: boolean) => settle(isRight ? "right" : "wrong"));
    opened.on("error", () => {});
    opened.on("exit", () => {
      if (worker === opened) worker = undefined;
      settle("overloaded");
    });
    return opened;
  };
  return {
    compare(password, hash, tell) {
      waiting = tell;
      worker ??= open();
      worker.postMessage({ password, hash });
    },
    close: async () => void (await worker?.terminate()),
  };
}
