/**
 * Huffman decoding (RFC 7541 5.2), half a byte at a time through a table of 16 kB: no code is shorter than five bits, so
 * four bits never end more than one. The state is the inner node of the code's tree that the bits so far lead to.
 */
import { eos, huffmanCode } from "./huffman-code.ts";

/** By state and half byte: the next state, then the symbol, then whether there is one. */
const stateBits = 9;
const symbolBits = 8;
const stateMask = (1 << stateBits) - 1;
const symbolMask = (1 << symbolBits) - 1;
const emits = 1 << (stateBits + symbolBits);
const invalid = -1;

interface Tree {
  /** Children by node: an inner node's number, or -(symbol + 2); -1 while it has none. */
  readonly children: [number, number][];
  /** Nodes at which a string may end: fewer than eight bits, all ones (they begin EOS). */
  readonly mayEnd: boolean[];
}

const { children, mayEnd }: Tree = buildTree();
const transitions: Int32Array = buildTransitions();

function buildTree(): Tree {
  const children: [number, number][] = [[-1, -1]];
  const mayEnd = [true];
  for (let symbol = 0; symbol <= eos; symbol++) {
    const length = huffmanCode.lengths[symbol]!;
    let node = 0;
    for (let bit = length - 1; bit >= 0; bit--) {
      const side = (huffmanCode.codes[symbol]! >>> bit) & 1;
      const here = children[node]!;
      if (bit === 0) {
        here[side as 0 | 1] = -(symbol + 2);
      } else {
        if (here[side as 0 | 1] === -1) {
          here[side as 0 | 1] = children.length;
          children.push([-1, -1]);
          mayEnd.push(mayEnd[node]! && side === 1 && length - bit < 8);
        }
        node = here[side as 0 | 1];
      }
    }
  }
  return { children, mayEnd };
}

function buildTransitions(): Int32Array {
  const table = new Int32Array(children.length * 16);
  for (let state = 0; state < children.length; state++) {
    for (let half = 0; half < 16; half++) table[(state << 4) | half] = transitionOf(state, half);
  }
  return table;
}

function transitionOf(state: number, half: number): number {
  let node = state;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const next = children[node]![((half >> bit) & 1) as 0 | 1];
    if (next >= 0) {
      node = next;
      continue;
    }
    const symbol = -next - 2;
    if (symbol === eos) return invalid;
    emitted = emits | (symbol << stateBits);
    node = 0;
  }
  return node | emitted;
}

/** Room that the decoded form of so many bytes can take. */
export function decodedRoom(encodedLength: number): number {
  return Math.ceil((encodedLength * 8) / 5);
}

/**
 * Decodes bytes[start, end) to `out` from its beginning, which must have decodedRoom. Gives back the length, or -1 for what
 * is no Huffman code: EOS within it, or padding that is too long or not of ones.
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let state = 0;
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    let step = transitions[(state << 4) | (byte >> 4)]!;
    if (step === invalid) return -1;
    if (step >= emits) out[length++] = (step >> stateBits) & symbolMask;
    step = transitions[((step & stateMask) << 4) | (byte & 15)]!;
    if (step === invalid) return -1;
    if (step >= emits) out[length++] = (step >> stateBits) & symbolMask;
    state = step & stateMask;
  }
  return mayEnd[state]! ? length : -1;
}
