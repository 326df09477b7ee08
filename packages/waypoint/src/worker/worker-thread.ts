/** One worker thread: its start, its messages, its end. Knows nothing of what is said; supervisor.ts does. */
import { getCompileCacheDir } from "node:module";
import path from "node:path";
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
  const worker = new Worker(new URL("./start-worker.js", import.meta.url), {
    workerData: { ...options.init, entry: options.entry.href, compileCacheDir: compileCacheDir() },
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

/** Where the main thread keeps compiled code, if it does: Node adds a folder of its own to what it was given. */
function compileCacheDir(): string | undefined {
  const dir = getCompileCacheDir();
  return dir === undefined ? undefined : path.dirname(dir);
}
