/**
 * What a process still holds after its garbage is collected, in all of its threads, asked by Node's inspector: memory that a
 * program leaks is there, and nothing else is. What it takes from the kernel (RSS) also has garbage, free pages of the
 * allocator and compiled code in it.
 */
import { type Census, takeCensus } from "./heap-census.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Of Runtime.getHeapUsage, in bytes; `backingStorageSize` is what buffers have outside the heap. */
interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize: number;
}

type Send = (text: string) => void;

/** One thread's heap: its snapshot is some hundred megabytes of text in pieces. */
const snapshotPiece = "HeapProfiler.addHeapSnapshotChunk";

/** One thread's half of the protocol: requests by number. */
class Session {
  readonly #send: Send;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #last = 0;
  #pieces: string[] = [];

  constructor(send: Send) {
    this.#send = send;
  }

  async ask(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#last;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#send(JSON.stringify({ id, method, params }));
    return await answer.promise;
  }

  /** Stops the thread for as long as it takes, which is a second or more. */
  async census(): Promise<Census> {
    this.#pieces = [];
    await this.ask("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
    const text = this.#pieces.join("");
    this.#pieces = [];
    return takeCensus(text);
  }

  onMessage({ id, method, params, result, error }: Message): void {
    if (method === snapshotPiece) this.#pieces.push(String(params?.["chunk"]));
    if (id === undefined) return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(`the inspector refuses: ${JSON.stringify(error)}`));
  }
}

export class LiveHeap {
  readonly #socket: WebSocket;
  readonly #main: Session;
  readonly #workers = new Map<string, Session>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#main = new Session((text) => socket.send(text));
    socket.addEventListener("message", ({ data }) => this.#onMessage(JSON.parse(String(data)) as Message));
  }

  /** `url`: as Node says it on stderr ("Debugger listening on ..."). */
  static async open(url: string): Promise<LiveHeap> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`no inspector at ${url}`)));
    });
    const heap = new LiveHeap(socket);
    await heap.#main.ask("NodeWorker.enable", { waitForDebuggerOnStart: false });
    return heap;
  }

  /** Bytes of all threads together, after a full collection in each. */
  async bytes(): Promise<number> {
    let sum = 0;
    for (const session of [this.#main, ...this.#workers.values()]) {
      await session.ask("HeapProfiler.collectGarbage");
      const usage = (await session.ask("Runtime.getHeapUsage")) as HeapUsage;
      sum += usage.usedSize + usage.backingStorageSize;
    }
    return sum;
  }

  /** What each thread holds; traffic stands still meanwhile. */
  async census(): Promise<readonly Census[]> {
    const all: Census[] = [];
    for (const session of [this.#main, ...this.#workers.values()]) all.push(await session.census());
    return all;
  }

  get threads(): number {
    return 1 + this.#workers.size;
  }

  close(): void {
    this.#socket.close();
  }

  #onMessage(message: Message): void {
    const { method, params = {} } = message;
    if (method === undefined || !method.startsWith("NodeWorker.")) return this.#main.onMessage(message);
    const id = String(params["sessionId"]);
    if (method === "NodeWorker.attachedToWorker") {
      const toWorker: Send = (text) => {
        void this.#main.ask("NodeWorker.sendMessageToWorker", { sessionId: id, message: text });
      };
      this.#workers.set(id, new Session(toWorker));
    } else if (method === "NodeWorker.receivedMessageFromWorker") {
      this.#workers.get(id)?.onMessage(JSON.parse(String(params["message"])) as Message);
    } else if (method === "NodeWorker.detachedFromWorker") {
      this.#workers.delete(id);
    }
  }
}
