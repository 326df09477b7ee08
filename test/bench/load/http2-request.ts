/** The first words of an HTTP/2 client with prior knowledge, in one piece: preface, SETTINGS, and a GET (RFC 9113 3.4, 6.2). */

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const Type = { headers: 1, settings: 4 } as const;
const Flag = { ack: 1, endOfStreamAndHeaders: 5 } as const;

function frame(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

/** A literal without indexing whose name is in the static table (RFC 7541 6.2.2); for texts of less than 127 bytes. */
function literal(nameIndex: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([nameIndex, value.length]), Buffer.from(value)]);
}

export function http2Request(target: string): Buffer {
  const nothing = Buffer.alloc(0);
  // :method GET, :scheme http, :authority, :path.
  const block = Buffer.concat([Buffer.from([0x82, 0x86]), literal(1, "bench.test"), literal(4, target)]);
  return Buffer.concat([
    preface,
    frame(Type.settings, 0, 0, nothing),
    // The server's SETTINGS are sent by the time this is read.
    frame(Type.settings, Flag.ack, 0, nothing),
    frame(Type.headers, Flag.endOfStreamAndHeaders, 1, block),
  ]);
}
