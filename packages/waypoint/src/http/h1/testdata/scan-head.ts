/** Heads as the scanner sees them, from text, in one piece or in many. */
import * as fc from "@waystone/testkit/fast-check";
import { HeaderBlock } from "../../header-block.ts";
import { type HeadLimits, HeadScanner, type ScanResult } from "../head-scanner.ts";

export const wideLimits: HeadLimits = { headerBytes: 1 << 20, headerCount: 1000, startLineBytes: 1 << 20 };

export interface ScannedHead {
  readonly result: ScanResult;
  readonly startLine: string;
  /** Name as it came, value, known number. */
  readonly lines: readonly (readonly [name: string, value: string, id: number])[];
  readonly headEnd: number;
  readonly problem: string;
}

/** `ends`: where each piece ends before the last; all that came is offered each time. */
export function scanHead(bytes: Buffer, ends: readonly number[] = [], limits = wideLimits): ScannedHead {
  const block = new HeaderBlock();
  const scanner = new HeadScanner(limits, block);
  scanner.reset();
  let result: ScanResult = "more";
  for (const end of [...ends, bytes.length]) {
    result = scanner.scan(bytes, 0, end);
    if (result !== "more") break;
  }
  if (result !== "done") return { result, startLine: "", lines: [], headEnd: 0, problem: scanner.problem };
  block.text = bytes.toString("latin1", 0, scanner.headEnd);
  return {
    result,
    startLine: block.text.slice(0, scanner.startLineEnd),
    lines: linesOf(block),
    headEnd: scanner.headEnd,
    problem: "",
  };
}

export function linesOf(block: HeaderBlock): readonly (readonly [string, string, number])[] {
  return Array.from({ length: block.count }, (_, i) => [
    block.text.slice(block.nameStart[i], block.nameEnd[i]),
    block.valueAt(i),
    block.ids[i]!,
  ]);
}

/** Of header lines that are valid, each with its CRLF. */
export function scanBlock(lines: string): HeaderBlock {
  const bytes = Buffer.from(`GET / HTTP/1.1\r\n${lines}\r\n`, "latin1");
  const block = new HeaderBlock();
  const scanner = new HeadScanner(wideLimits, block);
  const result = scanner.scan(bytes, 0, bytes.length);
  if (result !== "done") throw new Error(`${result}: ${scanner.problem}`);
  block.text = bytes.toString("latin1");
  return block;
}

/** Places to cut a text of this length, in order. */
export function cutsOf(length: number): fc.Arbitrary<number[]> {
  const cut = fc.integer({ min: 0, max: Math.max(0, length) });
  return fc.array(cut, { maxLength: 12 }).map((cuts) => cuts.sort((a, b) => a - b));
}
