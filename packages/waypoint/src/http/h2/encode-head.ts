/**
 * Heads and trailers as header blocks (RFC 9113 8.1 to 8.3): pseudo-headers first, then the lines that pass, names in lower
 * case; hop-by-hop fields never are among them (8.2.2). Written straight to where the connection's frames are gathered.
 */
import { serializeTrailers } from "../h1/serialize-head.ts";
import { hasNoBody } from "../has-no-body.ts";
import type { HeaderBlock } from "../header-block.ts";
import { isRemovedAfter } from "../header-edits.ts";
import { Known } from "../known-headers.ts";
import { type ResponseHead, unknownLength } from "../message.ts";
import type { OutgoingHeaders, OutgoingRequest, OutgoingResponse } from "../outgoing.ts";
import type { EncodedHeads } from "./encoded-heads.ts";
import type { FrameOutput } from "./frame-output.ts";
import { beginBlock, endBlock, flagsAt } from "./frame-writer.ts";
import { blockOverhead, fieldRoom, type HpackEncoder } from "./hpack/encoder.ts";
import type { Http2Stream } from "./http2-stream.ts";

/** What a connection has that writes header blocks. */
export interface BlockTarget {
  readonly output: FrameOutput;
  readonly encoder: HpackEncoder;
  readonly encodedHeads: EncodedHeads;
  readonly peerMaxFrame: number;
}

/** content-length, te and :status with their numbers. */
const ownRoom = 128;

export function encodeRequest(target: BlockTarget, stream: Http2Stream, request: OutgoingRequest): void {
  const { output, encoder } = target;
  const { authority, method, target: path } = request;
  beginBlock(
    output,
    headerRoom(request) + method.length + fieldRoom(path.length, authority.length) + ownRoom + blockOverhead,
  );
  const out = output.bytes;
  let at = encodeRequestStart(target, out, encoder.begin(out, output.end), request);
  at = encodeAdded(target, out, at, request);
  if (request.acceptsTrailers) at = encoder.field(out, at, "te", "trailers", false);
  if (request.bodyLength > 0)
    at = encoder.field(out, at, "content-length", String(request.bodyLength), false);
  endHead(target, stream, at);
}

/** All but what is ours and different each time. */
function encodeRequestStart(
  target: BlockTarget,
  out: Buffer,
  position: number,
  request: OutgoingRequest,
): number {
  const { encoder } = target;
  const { authority, method, target: path, block, dropped } = request;
  const isTunnel = method === "CONNECT";
  const encoded =
    block === undefined || isTunnel || !isPlain(request)
      ? undefined
      : target.encodedHeads.ofRequest(block, dropped, method, authority, path);
  const { version } = encoder;
  if (encoded !== undefined && encoded.version === version) return encoded.copyTo(out, position);
  let at = encoder.method(out, position, method);
  if (isTunnel) at = encoder.field(out, at, ":protocol", request.upgrade, false);
  at = encoder.scheme(out, at);
  at = encoder.field(out, at, ":authority", authority, false);
  at = encoder.field(out, at, ":path", path, false);
  at = encodeHeaders(encoder, out, at, request);
  if (encoder.version === version) encoded?.keep(out, position, at, version);
  return at;
}

function encodeAdded(target: BlockTarget, out: Buffer, position: number, request: OutgoingRequest): number {
  const { added, forwarded } = request;
  if (forwarded === undefined) return encodeLines(target.encoder, out, position, added);
  const at = encodeSameLines(target, out, position, forwarded.lines);
  return target.encoder.field(out, at, "x-request-id", forwarded.requestId, false);
}

/** Only the block and what is dropped from it decide which of its lines pass. */
function isPlain(outgoing: OutgoingHeaders): boolean {
  return outgoing.modifiers.length === 0 && outgoing.connectionNames === undefined;
}

/** `method`: of the request, which says whether the length is one of a body (RFC 9110 8.6). */
export function encodeResponse(
  target: BlockTarget,
  stream: Http2Stream,
  response: OutgoingResponse,
  method: string,
): void {
  const { output, encoder } = target;
  beginBlock(output, headerRoom(response) + ownRoom + blockOverhead);
  const at = encoder.begin(output.bytes, output.end);
  const end = encodeResponseBlock(target, output.bytes, at, response, declaredLength(response, method));
  endHead(target, stream, end);
}

function encodeResponseBlock(
  target: BlockTarget,
  out: Buffer,
  position: number,
  response: OutgoingResponse,
  length: number,
): number {
  const { encoder } = target;
  const { block, dropped, added, status } = response;
  const encoded =
    block === undefined || !isPlain(response)
      ? undefined
      : target.encodedHeads.ofResponse(block, dropped, added, status, length);
  const { version } = encoder;
  if (encoded !== undefined && encoded.version === version) return encoded.copyTo(out, position);
  let at = encodeHeaders(encoder, out, encoder.status(out, position, status), response);
  at = encodeLines(encoder, out, at, added);
  if (length !== unknownLength) at = encoder.field(out, at, "content-length", String(length), false);
  if (encoder.version === version) encoded?.keep(out, position, at, version);
  return at;
}

/**
 * HEAD and 304 may declare what GET would bring; 204 may not. That there is no body the end of the stream says: where the
 * endpoint said no length (gRPC's trailers-only), none is made up.
 */
function declaredLength(response: OutgoingResponse, method: string): number {
  if (response.status === 204) return unknownLength;
  if (response.bodyLength === 0 && !declaresLength(response.block)) return unknownLength;
  if (hasNoBody(response.status, method) && response.bodyLength === 0) return unknownLength;
  return response.bodyLength;
}

function declaresLength(block: HeaderBlock | undefined): boolean {
  return block === undefined || block.indexOfKnown(Known["content-length"]) >= 0;
}

export function encodeInformational(target: BlockTarget, stream: Http2Stream, head: ResponseHead): void {
  const { output, encoder } = target;
  // Hop-by-hop lines are left out by the same rule as from trailers, and nothing else is known to a 1xx.
  const lines = serializeTrailers(head.headers);
  beginBlock(output, linesRoom(lines) + ownRoom + blockOverhead);
  const at = encoder.status(output.bytes, encoder.begin(output.bytes, output.end), head.status);
  endBlock(output, encodeLines(encoder, output.bytes, at, lines), stream.id, false, target.peerMaxFrame);
}

/** Lines of a trailer section, which is the stream's last frame. */
export function encodeTrailers(target: BlockTarget, stream: Http2Stream, lines: string): void {
  const { output, encoder } = target;
  beginBlock(output, linesRoom(lines) + blockOverhead);
  const at = encodeSameLines(target, output.bytes, encoder.begin(output.bytes, output.end), lines);
  endBlock(output, at, stream.id, true, target.peerMaxFrame);
}

/** The frame's flags can be amended until it is written out, where it is one frame. */
function endHead(target: BlockTarget, stream: Http2Stream, blockEnd: number): void {
  const { output } = target;
  const isOneFrame = blockEnd - output.end <= target.peerMaxFrame;
  const start = output.end;
  endBlock(output, blockEnd, stream.id, false, target.peerMaxFrame);
  stream.flagsAt = flagsAt(start);
  stream.flagsGeneration = isOneFrame ? output.generation : -1;
}

function headerRoom(outgoing: OutgoingHeaders): number {
  let room = linesRoom(outgoing.added);
  const { block } = outgoing;
  if (block !== undefined) room += block.text.length + block.count * fieldRoom(0, 0);
  for (const modifier of outgoing.modifiers) {
    for (const header of modifier.set) room += fieldRoom(header.name.length, header.value.length);
    for (const header of modifier.add) room += fieldRoom(header.name.length, header.value.length);
  }
  return room;
}

/** A line is five characters at least. */
function linesRoom(lines: string): number {
  return lines.length + Math.ceil(lines.length / 5) * fieldRoom(0, 0);
}

/** The block's lines and those of modifiers. */
function encodeHeaders(
  encoder: HpackEncoder,
  out: Buffer,
  position: number,
  outgoing: OutgoingHeaders,
): number {
  const { block, modifiers } = outgoing;
  let at = position;
  if (block !== undefined) at = encodeBlock(encoder, out, at, outgoing, block);
  for (let i = 0; i < modifiers.length; i++) {
    const { set, add } = modifiers[i]!;
    for (const header of set) {
      if (!isRemovedAfter(modifiers, i, header.lower))
        at = encoder.field(out, at, header.lower, header.value, false);
    }
    for (const header of add) {
      if (!isRemovedAfter(modifiers, i, header.lower))
        at = encoder.field(out, at, header.lower, header.value, false);
    }
  }
  return at;
}

function encodeBlock(
  encoder: HpackEncoder,
  out: Buffer,
  position: number,
  outgoing: OutgoingHeaders,
  block: HeaderBlock,
): number {
  const { dropped, connectionNames, modifiers } = outgoing;
  const { neverIndexed } = block;
  let at = position;
  for (let i = 0; i < block.count; i++) {
    if (dropped[block.ids[i]!] === 1) continue;
    const name = block.nameAt(i);
    if (connectionNames?.has(name) === true) continue;
    if (modifiers.length > 0 && isRemovedAfter(modifiers, -1, name)) continue;
    at = encoder.field(out, at, name, block.valueAt(i), neverIndexed !== undefined && neverIndexed.has(i));
  }
  return at;
}

/** Lines that have likely been written before. */
function encodeSameLines(target: BlockTarget, out: Buffer, position: number, lines: string): number {
  const { encoder } = target;
  const encoded = target.encodedHeads.ofLines(lines);
  const { version } = encoder;
  if (encoded !== undefined && encoded.version === version) return encoded.copyTo(out, position);
  const at = encodeLines(encoder, out, position, lines);
  if (encoder.version === version) encoded?.keep(out, position, at, version);
  return at;
}

/** "Name: value\r\n" lines that are valid as they stand. */
function encodeLines(encoder: HpackEncoder, out: Buffer, position: number, lines: string): number {
  let at = position;
  for (let start = 0; start < lines.length; ) {
    const colon = lines.indexOf(":", start);
    const lineEnd = lines.indexOf("\r\n", colon);
    let valueStart = colon + 1;
    while (lines.charCodeAt(valueStart) === 0x20 || lines.charCodeAt(valueStart) === 0x09) valueStart++;
    let valueEnd = lineEnd;
    while (valueEnd > valueStart && isBlank(lines.charCodeAt(valueEnd - 1))) valueEnd--;
    const name = lines.slice(start, colon).toLowerCase();
    at = encoder.field(out, at, name, lines.slice(valueStart, valueEnd), false);
    start = lineEnd + 2;
  }
  return at;
}

function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x09;
}
