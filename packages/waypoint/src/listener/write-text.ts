/**
 * Writes short text to a socket, straight to its handle where nothing is queued: most writes of a proxy are one short head
 * that the kernel takes at once, and the stream machinery around that costs as much as composing it. Whatever does not fit
 * at once is Node's own business again: later writes queue behind it in libuv, in order, and count for backpressure.
 */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { isKnownNode } from "./known-node.ts";

/** Node's handle: 0 where the kernel took all, a negative error, or a request that will complete. */
interface TextHandle {
  writeLatin1String(request: null, text: string): number | PendingWrite;
}

interface PendingWrite {
  handle: TextHandle;
  /** Set where it completed before oncomplete could be. */
  writeStatus: number | null;
  oncomplete: (status: number) => void;
}

/** libuv copies what it must queue of text; beyond this the stream is the better place to wait. */
const directChars = 16 * 1024;

export class TextWriter {
  readonly #socket: Socket;
  readonly #isDirect: boolean;
  /** Of a direct write that libuv has not finished. */
  #isPending = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    // The handle of a TLS socket takes no such shortcut.
    this.#isDirect = isKnownNode && !(socket instanceof TLSSocket);
  }

  /** Bytes of a direct write wait in libuv, beside those of socket.writableLength. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Characters are bytes (Latin-1). */
  write(text: string): void {
    const handle = this.#directHandle(text);
    if (handle === undefined) {
      this.#socket.write(text, "latin1");
      return;
    }
    const result = handle.writeLatin1String(null, text);
    if (result === 0) return;
    if (typeof result === "number") this.#fail();
    else this.#await(handle, result);
  }

  #directHandle(text: string): TextHandle | undefined {
    const socket = this.#socket;
    if (!this.#isDirect || this.#isPending || socket.writableLength > 0 || text.length > directChars)
      return undefined;
    if (socket.connecting || socket.writableEnded || socket.destroyed) return undefined;
    return (socket as { _handle?: TextHandle | null })._handle ?? undefined;
  }

  #await(handle: TextHandle, pending: PendingWrite): void {
    this.#isPending = true;
    pending.handle = handle;
    pending.oncomplete = (status) => {
      this.#isPending = false;
      if (status < 0) this.#fail();
    };
    if (pending.writeStatus !== null) pending.oncomplete(pending.writeStatus);
  }

  #fail(): void {
    this.#socket.destroy(Object.assign(new Error("the peer cannot be written to"), { code: "EPIPE" }));
  }
}
