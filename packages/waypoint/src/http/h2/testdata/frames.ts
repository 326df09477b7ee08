/** Frames written and read without any code of the codec: what tests say and hear on the wire. */

export const typeNames = [
  "DATA",
  "HEADERS",
  "PRIORITY",
  "RST_STREAM",
  "SETTINGS",
  "PUSH_PROMISE",
  "PING",
  "GOAWAY",
  "WINDOW_UPDATE",
  "CONTINUATION",
] as const;

export type TypeName = (typeof typeNames)[number];

export const codeNames = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
] as const;

export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;
export const PRIORITY = 32;

export const magic: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

export function frame(type: TypeName | number, flags: number, streamId: number, payload: Buffer | string = ""): Buffer {
  const bytes = Buffer.from(payload);
  const header = Buffer.alloc(9);
  header.writeUIntBE(bytes.length, 0, 3);
  header[3] = typeof type === "number" ? type : typeNames.indexOf(type);
  header[4] = flags;
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, bytes]);
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * at);
  return bytes;
}

export function settings(...pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  return frame(
    "SETTINGS",
    0,
    0,
    Buffer.concat(pairs.map(([id, value]) => Buffer.from([id >> 8, id & 255, ...uint32(value)]))),
  );
}

function length(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

export type Fields = readonly (readonly [name: string, value: string])[];

/** Every field as a literal, in no table. */
export function block(fields: Fields): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of fields) {
    parts.push(Buffer.from([0]), length(name.length), Buffer.from(name, "latin1"));
    parts.push(length(value.length), Buffer.from(value, "latin1"));
  }
  return Buffer.concat(parts);
}

export const get: Fields = [
  [":method", "GET"],
  [":scheme", "http"],
  [":path", "/"],
  [":authority", "web.shop"],
];
export const post: Fields = [[":method", "POST"], ...get.slice(1)];

export function headers(streamId: number, fields: Fields, flags: number = END_HEADERS | END_STREAM): Buffer {
  return frame("HEADERS", flags, streamId, block(fields));
}

export interface Frame {
  readonly type: TypeName | number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** The whole frames in the bytes, and what is left of them. */
export function readFrames(bytes: Buffer): { readonly frames: Frame[]; readonly rest: Buffer } {
  const frames: Frame[] = [];
  let at = 0;
  while (bytes.length - at >= 9) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    const type = bytes[at + 3]!;
    frames.push({
      type: typeNames[type] ?? type,
      flags: bytes[at + 4]!,
      streamId: bytes.readUInt32BE(at + 5),
      payload: bytes.subarray(at + 9, end),
    });
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}

/** "GOAWAY PROTOCOL_ERROR", "RST_STREAM 1 CANCEL", "HEADERS 1 +end": for messages and expectations. */
export function describeFrame({ type, flags, streamId, payload }: Frame): string {
  const end = (flags & END_STREAM) === 0 ? "" : " +end";
  if (type === "GOAWAY") return `GOAWAY ${codeNames[payload.readUInt32BE(4)]}`;
  if (type === "RST_STREAM") return `RST_STREAM ${streamId} ${codeNames[payload.readUInt32BE(0)]}`;
  if (type === "WINDOW_UPDATE") return `WINDOW_UPDATE ${streamId} ${payload.readUInt32BE(0)}`;
  if (type === "SETTINGS" || type === "PING") return (flags & ACK) === 0 ? type : `${type} ACK`;
  return type === "DATA" ? `DATA ${streamId} ${payload.length}${end}` : `${type} ${streamId}${end}`;
}
