/**
 * gRPC's framing of messages within a stream: a byte that says "not compressed", four of length, the message
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). Nothing is ever compressed here.
 */

const prefixBytes = 5;

export function frameMessage(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(prefixBytes + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, prefixBytes);
  return framed;
}

/** Takes a stream apart. Holds at most one unfinished message. */
export class MessageReader {
  readonly #limitBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The messages that are whole now. Throws where the stream makes no sense. */
  *push(chunk: Buffer): Iterable<Uint8Array> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let needed = this.#needed(); this.#bytes >= needed; needed = this.#needed()) {
      yield this.#take(needed).subarray(prefixBytes);
    }
  }

  #needed(): number {
    if (this.#bytes < prefixBytes) return prefixBytes;
    const prefix = this.#peek(prefixBytes);
    if (prefix[0] !== 0) throw new Error("a compressed message came, and none was asked for");
    const length = prefix.readUInt32BE(1);
    if (length > this.#limitBytes)
      throw new Error(`a message of ${length} bytes came; ${this.#limitBytes} is the limit`);
    return prefixBytes + length;
  }

  /** The first `count` bytes, in one piece at the front. */
  #peek(count: number): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= count) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #take(count: number): Buffer {
    const front = this.#peek(count);
    const taken = front.subarray(0, count);
    const rest = front.subarray(count);
    this.#chunks.shift();
    if (rest.length > 0) this.#chunks.unshift(rest);
    this.#bytes -= count;
    return taken;
  }
}
