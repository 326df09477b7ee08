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
 * Semi-space of the young generation. What a request allocates is dead long before 8 MB more are allocated, so that a larger
 * one saves no work; but V8 keeps all three of them once a burst (a first push of 5,000 routes) has made them grow: at
 * 32 MB such a worker was 26 MB larger for good.
 */
export const semiSpaceMb = 8;

/** Buffers of a worker, in no container smaller: what it holds when idle, and some streams. */
const leastBufferMb = 32;
/** Of what is left: the rest stays for buffers, which are not in the heap. */
const heapPart = 0.75;

/** Limits of one of `workers` threads. */
export function heapLimits(limitBytes: number, workers: number): ResourceLimits {
  const share = (leftMb(limitBytes) * heapPart) / workers;
  const maxOldGenerationSizeMb = Math.round(Math.min(mostHeapMb, Math.max(leastHeapMb, share)));
  // V8 counts three semi-spaces in its young generation.
  return { maxOldGenerationSizeMb, maxYoungGenerationSizeMb: 3 * semiSpaceMb };
}

/** What buffers of one of `workers` threads may take: more than that is overload (overload/memory-use.ts). */
export function bufferShareMb(limitBytes: number, workers: number): number {
  return Math.max(leastBufferMb, Math.round((leftMb(limitBytes) * (1 - heapPart)) / workers));
}

function leftMb(limitBytes: number): number {
  return limitBytes / mebibyte - sharedMb;
}
