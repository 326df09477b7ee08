/**
 * How much of its memory a worker uses: its heap, which V8 bounds, and the buffers beside it (bodies and heads that wait,
 * queues of sockets), which nothing bounds but us. The container is shared out between both (worker/worker-share.ts).
 */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface MemoryUse {
  /** Of what it may use, from 0 to 1 and above. */
  readonly heap: number;
  readonly buffers: number;
}

/** Of what runs low first. */
export function highestOf({ heap, buffers }: MemoryUse): number {
  return Math.max(heap, buffers);
}

/** What V8 says, and can be asked to do; tests say other figures. */
export interface MemorySource {
  read(): MemoryUse;
  /** Throws away what nobody holds any more: afterwards `read` tells what is really in use. Takes milliseconds. */
  collect(): void;
  /** The same among what is young, where most of it lies; takes a millisecond or two. */
  collectYoung(): void;
}

export interface MemoryShare {
  /** Of V8's old generation: what a thread that is out of memory is out of. */
  readonly heapBytes: number;
  readonly bufferBytes: number;
}

/** Of the thread that calls it. */
export function openMemorySource({ heapBytes, bufferBytes }: MemoryShare): MemorySource {
  let collect: ReturnType<typeof findCollector> | undefined;
  return {
    read: () => ({
      heap: getHeapStatistics().used_heap_size / heapBytes,
      buffers: process.memoryUsage().arrayBuffers / bufferBytes,
    }),
    collect() {
      collect ??= findCollector();
      collect();
    },
    collectYoung() {
      collect ??= findCollector();
      collect({ type: "minor" });
    },
  };
}

/** V8 offers it to contexts that are made after the flag was set, in a worker thread too. */
function findCollector(): (options?: { readonly type: "minor" }) => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as ReturnType<typeof findCollector>;
}
