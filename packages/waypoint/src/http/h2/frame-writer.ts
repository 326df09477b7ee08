/** Frames as bytes (RFC 9113 4.1 and 6), written where a FrameOutput gathers them. */
import type { ErrorCode } from "./connection-error.ts";
import type { FrameOutput } from "./frame-output.ts";
import { Flag, frameHeaderBytes, FrameType } from "./frame-types.ts";

export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** At output.end, where room must be; moves it on. */
export function writeFrameHeader(
  output: FrameOutput,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  const { bytes, end: at } = output;
  bytes[at] = length >>> 16;
  bytes[at + 1] = length >>> 8;
  bytes[at + 2] = length;
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  writeUint32(bytes, at + 5, streamId);
  output.end = at + frameHeaderBytes;
}

/** Where the flags are of a frame whose payload begins at `payload`. */
export function flagsAt(payload: number): number {
  return payload - frameHeaderBytes + 4;
}

export function writeSettings(output: FrameOutput, settings: readonly (readonly [number, number])[]): void {
  const length = settings.length * 6;
  output.reserve(frameHeaderBytes + length);
  writeFrameHeader(output, length, FrameType.settings, 0, 0);
  for (const [id, value] of settings) {
    output.bytes[output.end] = id >>> 8;
    output.bytes[output.end + 1] = id;
    writeUint32(output.bytes, output.end + 2, value);
    output.end += 6;
  }
}

export function writeSettingsAck(output: FrameOutput): void {
  output.reserve(frameHeaderBytes);
  output.queuedReplies++;
  writeFrameHeader(output, 0, FrameType.settings, Flag.ack, 0);
}

/** The eight bytes of a PING go back as they came. */
export function writePingAck(output: FrameOutput, bytes: Buffer, start: number): void {
  output.reserve(frameHeaderBytes + 8);
  output.queuedReplies++;
  writeFrameHeader(output, 8, FrameType.ping, Flag.ack, 0);
  for (let i = 0; i < 8; i++) output.bytes[output.end + i] = bytes[start + i]!;
  output.end += 8;
}

export function writePing(output: FrameOutput, opaque: number): void {
  output.reserve(frameHeaderBytes + 8);
  writeFrameHeader(output, 8, FrameType.ping, 0, 0);
  writeUint32(output.bytes, output.end, 0);
  writeUint32(output.bytes, output.end + 4, opaque);
  output.end += 8;
}

export function writeReset(output: FrameOutput, streamId: number, code: ErrorCode): void {
  output.reserve(frameHeaderBytes + 4);
  output.queuedReplies++;
  writeFrameHeader(output, 4, FrameType.rstStream, 0, streamId);
  writeUint32(output.bytes, output.end, code);
  output.end += 4;
}

export function writeGoaway(output: FrameOutput, lastStreamId: number, code: ErrorCode, text: string): void {
  output.reserve(frameHeaderBytes + 8 + text.length);
  writeFrameHeader(output, 8 + text.length, FrameType.goaway, 0, 0);
  writeUint32(output.bytes, output.end, lastStreamId);
  writeUint32(output.bytes, output.end + 4, code);
  output.bytes.latin1Write(text, output.end + 8, text.length);
  output.end += 8 + text.length;
}

/** `streamId` 0: of the connection. */
export function writeWindowUpdate(output: FrameOutput, streamId: number, increment: number): void {
  output.reserve(frameHeaderBytes + 4);
  writeFrameHeader(output, 4, FrameType.windowUpdate, 0, streamId);
  writeUint32(output.bytes, output.end, increment);
  output.end += 4;
}

/** Begins a header block that takes no more than `room`; it is to be written to output.bytes from output.end on. */
export function beginBlock(output: FrameOutput, room: number): void {
  output.reserve(frameHeaderBytes + room);
  output.end += frameHeaderBytes;
}

/**
 * Ends the block, which lies in output.bytes from output.end to `blockEnd`, as one HEADERS frame, or more frames where the
 * peer takes no such large ones (RFC 9113 4.3).
 */
export function endBlock(
  output: FrameOutput,
  blockEnd: number,
  streamId: number,
  endStream: boolean,
  maxFrame: number,
): void {
  const start = output.end;
  const length = blockEnd - start;
  output.end = start - frameHeaderBytes;
  const endFlag = endStream ? Flag.endStream : 0;
  if (length <= maxFrame) {
    writeFrameHeader(output, length, FrameType.headers, endFlag | Flag.endHeaders, streamId);
    output.end = blockEnd;
    return;
  }
  const block = Buffer.from(output.bytes.subarray(start, blockEnd));
  for (let at = 0; at < length; at += maxFrame) {
    const end = Math.min(length, at + maxFrame);
    output.reserve(frameHeaderBytes + end - at);
    const flags = (at === 0 ? endFlag : 0) | (end === length ? Flag.endHeaders : 0);
    writeFrameHeader(
      output,
      end - at,
      at === 0 ? FrameType.headers : FrameType.continuation,
      flags,
      streamId,
    );
    block.copy(output.bytes, output.end, at, end);
    output.end += end - at;
  }
}
