/**
 * Takes the bytes that a TLS client says first, in pieces of any size, until its ClientHello is whole: records (RFC 8446 5.1)
 * are taken apart, what they carry is put together, and every byte is kept, to be passed on as it came. Bounded, and the
 * first byte that cannot belong to a ClientHello ends it: in doubt nothing is passed on.
 */
import { parseClientHello } from "./parse-client-hello.ts";

/** Of all bytes up to the end of the ClientHello. Post-quantum keys make one of 2 kB; no honest client comes near. */
export const helloLimitBytes = 16 * 1024;

export type HelloState =
  | { readonly type: "more" }
  /** "" where the client names no server. */
  | { readonly type: "hello"; readonly serverName: string }
  | { readonly type: "refused"; readonly reason: string };

const more: HelloState = { type: "more" };

const recordHeaderBytes = 5;
const handshakeHeaderBytes = 4;
/** ContentType handshake, HandshakeType client_hello. */
const handshakeRecord = 22;
const clientHello = 1;
/** TLSPlaintext.length (RFC 8446 5.1). */
const longestRecord = 16 * 1024;

export class ClientHelloReader {
  /** All that came. */
  #received: Buffer = Buffer.alloc(0);
  /** Bytes of `#received` that have been taken apart: whole records. */
  #read = 0;
  /** The handshake message, as far as whole and partial records have brought it. */
  #message: Buffer = Buffer.alloc(0);
  /** Of the record at `#read`, how much of its content is in `#message`. */
  #taken = 0;
  #state: HelloState = more;

  /** All bytes that came, of the ClientHello and behind it. */
  get received(): Buffer {
    return this.#received;
  }

  /** Copies what it needs of `bytes`. To be called again while it says "more". */
  add(bytes: Uint8Array): HelloState {
    if (this.#state.type !== "more") return this.#state;
    this.#received = Buffer.concat([this.#received, bytes]);
    this.#state = this.#advance();
    return this.#state;
  }

  #advance(): HelloState {
    for (;;) {
      const refusal = this.#headRefusal();
      if (refusal !== undefined) return refuse(refusal);
      const left = this.#end - this.#read;
      if (left < recordHeaderBytes) return this.#wait();
      const length = this.#received.readUInt16BE(this.#read + 3);
      const present = Math.min(length, left - recordHeaderBytes);
      this.#take(this.#read + recordHeaderBytes, present);
      const outcome = this.#judgeMessage();
      if (outcome !== undefined) return outcome;
      if (present < length) return this.#wait();
      this.#read += recordHeaderBytes + length;
      this.#taken = 0;
    }
  }

  /** What is there of the record's head, byte by byte: nobody who speaks something else is waited for. */
  #headRefusal(): string | undefined {
    const end = Math.min(this.#end, this.#read + recordHeaderBytes);
    const [type, major, , high, low] = this.#received.subarray(this.#read, end);
    if (type === undefined) return undefined;
    if (type !== handshakeRecord) return "it does not begin with a TLS handshake";
    if (major !== undefined && major !== 3) return "its record is of no version of TLS";
    if (high === undefined || low === undefined) return undefined;
    const length = high * 256 + low;
    // "Implementations MUST NOT send zero-length fragments of Handshake types" (RFC 8446 5.1).
    if (length === 0) return "it has an empty record";
    return length > longestRecord ? "it has a record of more than 16 KiB" : undefined;
  }

  #take(start: number, present: number): void {
    if (present === this.#taken) return;
    const added = this.#received.subarray(start + this.#taken, start + present);
    this.#message = Buffer.concat([this.#message, added]);
    this.#taken = present;
  }

  #judgeMessage(): HelloState | undefined {
    const message = this.#message;
    if (message.length > 0 && message[0] !== clientHello)
      return refuse("its first message is no ClientHello");
    if (message.length < handshakeHeaderBytes) return undefined;
    const end = handshakeHeaderBytes + message.readUIntBE(1, 3);
    if (end > helloLimitBytes) return refuse("its ClientHello is longer than 16 KiB");
    if (message.length < end) return undefined;
    const parsed = parseClientHello(message.subarray(handshakeHeaderBytes, end));
    return "refused" in parsed ? refuse(parsed.refused) : { type: "hello", serverName: parsed.serverName };
  }

  /** Of the bytes that are looked at: no further, however many came at once, so that the outcome does not depend on it. */
  get #end(): number {
    return Math.min(this.#received.length, helloLimitBytes);
  }

  #wait(): HelloState {
    return this.#received.length >= helloLimitBytes ? refuse("its ClientHello is longer than 16 KiB") : more;
  }
}

function refuse(reason: string): HelloState {
  return { type: "refused", reason };
}
