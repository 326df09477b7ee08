/**
 * How much heap a worker thread may have. The container's memory limit is shared by the main thread, native memory
 * (sockets, buffers, code) and the workers; a worker must run into its own limit, and be replaced, before the kernel kills
 * the whole process.
 */
import type { ResourceLimits } from "node:worker_threads";

const mebibyte = 1024 * 1024;
/** The main thread, code and native memory of an idle process. */
const sharedMb = 96;
/** Below this a worker cannot hold a mid-sized configuration; above it a heap's pauses get long. */
const leastHeapMb = 64;
const mostHeapMb = 2048;
/**
 * Semi-space of the young generation. Requests' objects die young: at Node's 16 MB, bursts outlive it and are promoted,
 * which costs major collections; more than 32 MB is resident memory for nothing.
 */
const semiSpaceMb = 32;

/** Limits of one of `workers` threads. */
export function heapLimits(limitBytes: number, workers: number): ResourceLimits {
  const limitMb = limitBytes / mebibyte;
  // A quarter of what is left stays for buffers, which are not in the heap.
  const share = ((limitMb - sharedMb) * 0.75) / workers;
  const maxOldGenerationSizeMb = Math.round(Math.min(mostHeapMb, Math.max(leastHeapMb, share)));
  // V8 counts three semi-spaces in its young generation. Small containers get a smaller one.
  const semiSpace = Math.min(semiSpaceMb, Math.max(4, Math.floor(maxOldGenerationSizeMb / 8)));
  return { maxOldGenerationSizeMb, maxYoungGenerationSizeMb: 3 * semiSpace };
}
