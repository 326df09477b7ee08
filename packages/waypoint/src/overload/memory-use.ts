/**
 * How much of its memory a worker uses: its heap, which V8 bounds, and the buffers beside it (bodies and heads that wait,
 * queues of sockets), which nothing bounds but us. The container is shared out between both (worker/memory-share.ts).
 */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface MemoryUse {
  /** Of what it may use, from 0 to 1 and above. */
  readonly heap: number;
  readonly buffers: number;
}

/** What V8 says, and can be asked to do; tests say other figures. */
export interface MemorySource {
  read(): MemoryUse;
  /** Throws away what nobody holds any more: afterwards `read` tells what is really in use. Takes milliseconds. */
  collect(): void;
}

export interface MemoryShare {
  /** Of V8's old generation: what a thread that is out of memory is out of. */
  readonly heapBytes: number;
  readonly bufferBytes: number;
}

/** Of the thread that calls it. */
export function openMemorySource({ heapBytes, bufferBytes }: MemoryShare): MemorySource {
  let collect: (() => void) | undefined;
  return {
    read: () => ({
      heap: getHeapStatistics().used_heap_size / heapBytes,
      buffers: process.memoryUsage().arrayBuffers / bufferBytes,
    }),
    collect() {
      collect ??= findCollector();
      collect();
    },
  };
}

/** V8 offers it to contexts that are made after the flag was set, in a worker thread too. */
function findCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
