/**
 * Writes short text, or the frames of a turn, to a socket: straight to its handle where nothing is queued. Most writes of a proxy are
 * one head, or some frames, that the kernel takes at once, and the stream machinery around that costs as much as composing them.
 * Whatever does not fit at once is Node's own business again: later writes queue behind it in libuv, in order, and count for
 * backpressure.
 */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { getSystemErrorName } from "node:util";
import { isKnownNode } from "./known-node.ts";

/** Node's handle: 0 where the kernel took all, a negative error, or a request that will complete. */
interface WriteHandle {
  writeLatin1String(request: null, text: string): number | PendingWrite;
  writeBuffer(request: null, bytes: Buffer): number | PendingWrite;
}

interface PendingWrite {
  handle: WriteHandle;
  /** libuv writes from where they are. */
  buffer: Buffer | undefined;
  /** Set where it completed before oncomplete could be. */
  writeStatus: number | null;
  oncomplete: (status: number) => void;
}

/** libuv copies what it must queue of text; beyond this the stream is the better place to wait. */
const directChars = 16 * 1024;

export class DirectWriter {
  readonly #socket: Socket;
  readonly #isDirect: boolean;
  /** Of a direct write that libuv has not finished. */
  #isPending = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    // A TLS handle takes one write at a time, and aborts the process on a second: its stream has to know of each.
    this.#isDirect = isKnownNode && !(socket instanceof TLSSocket);
  }

  /** Bytes of a direct write wait in libuv, beside those of socket.writableLength. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Characters are bytes (Latin-1). */
  write(text: string): void {
    const handle = text.length > directChars ? undefined : this.#directHandle();
    if (handle === undefined) this.#socket.write(text, "latin1");
    else this.#take(handle, handle.writeLatin1String(null, text), undefined);
  }

  /** Their memory is lent until nothing is pending and the socket's queue is empty. */
  writeBytes(bytes: Buffer): void {
    const handle = this.#directHandle();
    if (handle === undefined) this.#socket.write(bytes);
    else this.#take(handle, handle.writeBuffer(null, bytes), bytes);
  }

  #directHandle(): WriteHandle | undefined {
    const socket = this.#socket;
    if (!this.#isDirect || this.#isPending || socket.writableLength > 0) return undefined;
    if (socket.connecting || socket.writableEnded || socket.destroyed) return undefined;
    return (socket as { _handle?: WriteHandle | null })._handle ?? undefined;
  }

  #take(handle: WriteHandle, result: number | PendingWrite, bytes: Buffer | undefined): void {
    if (result === 0) return;
    if (typeof result === "number") this.#fail(result);
    else this.#await(handle, result, bytes);
  }

  #await(handle: WriteHandle, pending: PendingWrite, bytes: Buffer | undefined): void {
    this.#isPending = true;
    pending.handle = handle;
    pending.buffer = bytes;
    // Not assigned as a literal: V8 would keep that, and the socket with it, until a whole collection (let-go.ts).
    const onComplete = (status: number): void => {
      this.#isPending = false;
      if (status < 0) this.#fail(status);
    };
    pending.oncomplete = onComplete;
    if (pending.writeStatus !== null) pending.oncomplete(pending.writeStatus);
  }

  #fail(status: number): void {
    this.#socket.destroy(
      Object.assign(new Error("the peer cannot be written to"), { code: getSystemErrorName(status) }),
    );
  }
}
