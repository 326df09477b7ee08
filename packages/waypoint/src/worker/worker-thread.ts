/** One worker thread: its start, its messages, its end. Knows nothing of what is said; supervisor.ts does. */
import { type ResourceLimits, Worker } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerInit } from "./protocol.ts";
import { lossOf, type WorkerLoss } from "./worker-loss.ts";

export interface WorkerThreadOptions {
  /** The module that the thread runs. */
  readonly entry: URL;
  readonly init: WorkerInit;
  readonly limits: ResourceLimits;
  readonly onMessage: (message: FromWorker) => void;
  /** Called once, when the thread has ended without stop(); its sockets are closed by then. */
  readonly onLost: (loss: WorkerLoss) => void;
}

export interface WorkerThread {
  post(message: ToWorker): void;
  /** Ends it at once; its sockets close with it. With a reason: counted as lost. */
  stop(loss?: WorkerLoss): Promise<void>;
}

export function openWorkerThread(options: WorkerThreadOptions): WorkerThread {
  // No execArgv: the flags of the main thread (a test runner's loader, a profiler) are not the worker's.
  const worker = new Worker(options.entry, {
    workerData: options.init,
    resourceLimits: options.limits,
    execArgv: [],
    name: `worker-${options.init.workerId}`,
  });
  let stopping = false;
  let cause: unknown;
  let given: WorkerLoss | undefined;
  worker.on("message", (message: FromWorker) => {
    if (!stopping) options.onMessage(message);
  });
  worker.on("error", (error: unknown) => {
    cause = error;
  });
  worker.on("exit", (code) => {
    const loss = given ?? (stopping ? undefined : lossOf(cause, code, options.limits.maxOldGenerationSizeMb));
    stopping = true;
    if (loss !== undefined) options.onLost(loss);
  });
  return {
    post: (message) => worker.postMessage(message),
    async stop(loss) {
      stopping = true;
      given = loss;
      await worker.terminate();
    },
  };
}
