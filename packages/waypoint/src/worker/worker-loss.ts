/** Why a worker thread ended without having been told to: for the log, and for waystone_worker_restarts_total. */

export type LossReason = "out_of_memory" | "exception" | "exit" | "stuck";

export interface WorkerLoss {
  readonly reason: LossReason;
  /** For people: what happened, and what may help. */
  readonly message: string;
  /** Where the exception was thrown; for debug logs. */
  readonly stack?: string;
}

/** `error` is what the thread's "error" event carried, if it had one. */
export function lossOf(error: unknown, exitCode: number, heapMb: number | undefined): WorkerLoss {
  if (error === undefined) return { reason: "exit", message: `the thread exited with code ${exitCode}` };
  if (codeOf(error) === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = heapMb === undefined ? "" : ` (its heap limit is ${heapMb} MB)`;
    return {
      reason: "out_of_memory",
      message: `out of memory${limit}; raise the memory limit or lower --workers`,
    };
  }
  // Whatever was thrown arrives as a copy; what is no Error has no better form than its JSON.
  if (!(error instanceof Error)) {
    return { reason: "exception", message: `uncaught exception: ${JSON.stringify(error)}` };
  }
  const loss = {
    reason: "exception",
    message: `uncaught exception: ${error.name}: ${error.message}`,
  } as const;
  return error.stack === undefined ? loss : { ...loss, stack: error.stack };
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
