/** A worker that dies of a route named "poison", whenever it meets one: a bug in compiling, as a test wants it. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "@waystone/base/clock";
import { systemRng } from "@waystone/base/rng";
import type { ToWorker } from "../protocol.ts";
import { runWorker } from "../run-worker.ts";

const port = parentPort!;
runWorker({
  port: {
    postMessage: (message: unknown) => port.postMessage(message),
    on(_event: string, handler: (message: ToWorker) => void) {
      return port.on("message", (message: ToWorker) => {
        if (holdsPoison(message)) throw new Error("poisoned");
        handler(message);
      });
    },
  } as typeof port,
  init: workerData,
  clock: systemClock,
  rng: systemRng,
  openDataPlane: () => ({ follow() {}, takeKeys() {},
    leave() {},
    drain() {}, close() {}, setLogLevel() {} }),
});

function holdsPoison(message: ToWorker): boolean {
  if (message.type !== "apply") return false;
  return message.deltas.some(({ upserts }) => upserts.some(({ name }) => name.endsWith("/poison")));
}
