/**
 * Header blocks against the decoder (RFC 7541): honest ones of our encoder mean what was said, over many blocks of one
 * connection and whatever the table does; all others mean something or are COMPRESSION_ERROR.
 */
import assert from "node:assert/strict";
import { type Rng, seededRng } from "@waystone/base/rng";
import { chooseInt, chooseOne, chooseText, happens } from "@waystone/testkit/generate/choose";
import { ConnectionError, ErrorCode } from "@waystone/waypoint/http/h2/connection-error";
import { HpackDecoder } from "@waystone/waypoint/http/h2/hpack/decoder";
import { blockOverhead, fieldRoom, HpackEncoder } from "@waystone/waypoint/http/h2/hpack/encoder";
import { decodeFields, type FieldPair } from "@waystone/waypoint/http/h2/testdata/decode-fields";

const tableBytes = 4096;
const names = ["cookie", "x-a", "content-type", "user-agent", "authorization", "x".repeat(200)];
const characters = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join("");

export function fuzzHpack(seed: number): void {
  const rng = seededRng(seed);
  const encoder = new HpackEncoder(tableBytes, chooseOne(rng, [0, 10, Number.POSITIVE_INFINITY]));
  const decoder = new HpackDecoder(tableBytes);
  for (let left = chooseInt(rng, 1, 12); left > 0; left--) {
    if (happens(rng, 0.2)) encoder.setPeerLimit(chooseOne(rng, [0, 60, 200, 4096, 65_536]));
    const fields = Array.from({ length: chooseInt(rng, 0, 8) }, () => buildField(rng));
    const block = encode(encoder, fields);
    if (happens(rng, 0.3)) return decodeNoise(decoder, mutate(rng, block));
    assert.deepEqual(decodeFields(decoder, block).fields, fields);
  }
  decodeNoise(
    decoder,
    Buffer.from(Array.from({ length: chooseInt(rng, 0, 300) }, () => chooseInt(rng, 0, 255))),
  );
}

function buildField(rng: Rng): FieldPair {
  return [chooseOne(rng, names), chooseText(rng, characters, 0, happens(rng, 0.05) ? 5000 : 40)];
}

function encode(encoder: HpackEncoder, fields: readonly FieldPair[]): Buffer {
  const room = fields.reduce(
    (sum, [name, value]) => sum + fieldRoom(name.length, value.length),
    blockOverhead,
  );
  const out = Buffer.alloc(room);
  let at = encoder.begin(out, 0);
  for (const [name, value] of fields) at = encoder.field(out, at, name, value, false);
  return out.subarray(0, at);
}

function mutate(rng: Rng, block: Buffer): Buffer {
  if (block.length === 0) return Buffer.from([chooseInt(rng, 0, 255)]);
  const copy = Buffer.from(block);
  for (let left = chooseInt(rng, 1, 4); left > 0; left--)
    copy[chooseInt(rng, 0, copy.length - 1)] = chooseInt(rng, 0, 255);
  const at = chooseInt(rng, 0, copy.length);
  return chooseOne(rng, [copy, copy.subarray(0, at), Buffer.concat([copy, copy.subarray(at)])]);
}

function decodeNoise(decoder: HpackDecoder, block: Buffer): void {
  try {
    decodeFields(decoder, block);
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.code !== ErrorCode.compressionError) throw error;
  }
  assert.ok(decoder.table.size <= tableBytes, `the table holds ${decoder.table.size} bytes`);
}
