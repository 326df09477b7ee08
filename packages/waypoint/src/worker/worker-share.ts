/** What one of the workers may use of what the process may: its heap, buffers beside it, and descriptors. */
import type { ResourceLimits } from "node:worker_threads";
import type { MemoryShare } from "../overload/memory-use.ts";
import { bufferShareMb } from "./heap-limits.ts";

export interface WorkerShare extends MemoryShare {
  readonly descriptors: number;
}

const mebibyte = 1024 * 1024;
/** Descriptors of the main thread: admin, push channel, files, and what threads themselves need. */
const sharedDescriptors = 128;

export function workerShare(
  heap: ResourceLimits,
  memoryLimitBytes: number,
  descriptorLimit: number,
  workers: number,
): WorkerShare {
  return {
    heapBytes: (heap.maxOldGenerationSizeMb ?? 0) * mebibyte || memoryLimitBytes,
    bufferBytes: bufferShareMb(memoryLimitBytes, workers) * mebibyte,
    descriptors: Math.max(0, Math.floor((descriptorLimit - sharedDescriptors) / workers)),
  };
}
