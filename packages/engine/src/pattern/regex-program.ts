/**
 * The one place that touches re2js: it parses and compiles an expression (RE2 syntax and semantics), and what comes out
 * is a plain copy of its instruction list, on which our own automata run (regex-automaton.ts). re2js' own matcher is not
 * used per request: it allocates, and its lazily grown cache may take 8 MB per expression.
 */
import { RE2JS, RE2JSException } from "re2js";
import { estimateRegexSize } from "./regex-size.ts";

/** Longer expressions are refused (ISTIO-SECURITY-2026-006: one tenant's expression stopped a control plane). */
export const regexSourceLimit = 1024;
/** Instructions; the measure of re2's own max_program_size. `[^/]{1,63}` has 127. */
export const regexProgramLimit = 1000;

export type Instruction =
  | { readonly op: "alt"; readonly out: number; readonly other: number }
  | { readonly op: "empty"; readonly out: number; readonly needs: number }
  | { readonly op: "match" }
  | { readonly op: "fail" }
  | { readonly op: "next"; readonly out: number }
  /** One byte: those whose entry is 1. */
  | { readonly op: "byte"; readonly out: number; readonly accepts: Uint8Array };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
}

/** Zero-width conditions, as re2js numbers them. */
export const emptyWidth = {
  beginLine: 1,
  endLine: 2,
  beginText: 4,
  endText: 8,
  wordBoundary: 16,
  noWordBoundary: 32,
} as const;

/** Throws an Error that says what is wrong with the expression. */
export function compileProgram(source: string): Program {
  if (source.length > regexSourceLimit) {
    throw new Error(
      `the expression has ${source.length} characters, more than ${regexSourceLimit}; shorten it`,
    );
  }
  // Subjects are bytes: a multi-byte character in a class or before a "+" would mean something else than it looks.
  if (/[^\x00-\x7f]/.test(source)) {
    throw new Error(
      `the expression ${quote(source)} has a character outside of ASCII; write its UTF-8 bytes as \\xHH`,
    );
  }
  if (estimateRegexSize(source) > 4 * regexProgramLimit) throw tooLarge(source);
  const compiled = compileWithRe2(source);
  if (compiled.programSize() > regexProgramLimit) throw tooLarge(source);
  return copyProgram(compiled.re2().prog as Re2Program);
}

/** What is read of re2js' program. Its version is pinned, and regex-pattern.test.ts compares the two engines. */
interface Re2Program {
  readonly start: number;
  readonly inst: readonly Re2Instruction[];
}

interface Re2Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  readonly runes: Int32Array;
  matchRune(rune: number): boolean;
}

const re2Ops = {
  alt: 1,
  altMatch: 2,
  capture: 3,
  emptyWidth: 4,
  fail: 5,
  match: 6,
  nop: 7,
  rune: 8,
  runeAnyNotNl: 11,
};

function copyProgram(program: Re2Program): Program {
  const known = new Map<string, Uint8Array>();
  return { start: program.start, instructions: program.inst.map((from) => copyInstruction(from, known)) };
}

function copyInstruction(from: Re2Instruction, known: Map<string, Uint8Array>): Instruction {
  if (from.op === re2Ops.alt || from.op === re2Ops.altMatch)
    return { op: "alt", out: from.out, other: from.arg };
  if (from.op === re2Ops.capture || from.op === re2Ops.nop) return { op: "next", out: from.out };
  if (from.op === re2Ops.emptyWidth) return { op: "empty", out: from.out, needs: from.arg };
  if (from.op === re2Ops.match) return { op: "match" };
  if (from.op === re2Ops.fail) return { op: "fail" };
  if (from.op >= re2Ops.rune && from.op <= re2Ops.runeAnyNotNl) {
    return { op: "byte", out: from.out, accepts: acceptedBytes(from, known) };
  }
  throw new Error(`the expression needs instruction ${from.op}, which is not supported`);
}

/** Repetitions are copies of the same class: one array serves them all. */
function acceptedBytes(from: Re2Instruction, known: Map<string, Uint8Array>): Uint8Array {
  const key = `${from.arg}:${from.runes.join(",")}`;
  const same = known.get(key);
  if (same !== undefined) return same;
  const accepts = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) accepts[byte] = from.matchRune(byte) ? 1 : 0;
  known.set(key, accepts);
  return accepts;
}

function compileWithRe2(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new Error(`the expression ${quote(source)} is not RE2 syntax: ${error.message}`, { cause: error });
  }
}

function tooLarge(source: string): Error {
  return new Error(
    `the expression ${quote(source)} compiles to more than ${regexProgramLimit} instructions; use smaller repeat counts`,
  );
}

function quote(source: string): string {
  return JSON.stringify(source.length > 80 ? `${source.slice(0, 77)}...` : source);
}
