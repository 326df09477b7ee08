/**
 * Sets of instructions as states of an automaton over bytes: what both the compiled table (regex-table.ts) and the
 * simulation (regex-simulation.ts) step through. Standard Thompson and subset construction; zero-width conditions are
 * settled when the next byte is known.
 */
import { emptyWidth, type Instruction, type Program } from "./regex-program.ts";

/** The end of the text, where a byte is expected. */
export const endOfText = -1;

/** What went before: it decides "^", "\b" and so on at the next position. */
export const before = { begin: 0, newline: 1, word: 2, other: 3 } as const;

/** Follows the instructions of one program from set to set; holds scratch memory, so not re-entrant. */
export class Stepper {
  readonly #instructions: readonly Instruction[];
  readonly #start: number;
  readonly #seen: Uint32Array;
  #mark = 0;
  readonly #stack: number[] = [];
  readonly #settled: number[] = [];
  /** Without zero-width conditions, what went before makes no difference, and states need not tell it apart. */
  readonly needsContext: boolean;
  /** Instructions looked at so far: what bounds the work of a construction. */
  work = 0;

  constructor(program: Program) {
    this.#instructions = program.instructions;
    this.#start = program.start;
    this.#seen = new Uint32Array(program.instructions.length);
    this.needsContext = program.instructions.some((instruction) => instruction.op === "empty");
  }

  /** Instructions in wait at the start of a text. */
  begin(): number[] {
    const waiting: number[] = [];
    this.#mark++;
    this.#add(this.#start, 0, waiting);
    return waiting;
  }

  /** Whether a text that ends here matches. */
  matchesAtEnd(waiting: readonly number[], context: number): boolean {
    for (const at of this.#settle(waiting, context, endOfText)) {
      if (this.#instructions[at]!.op === "match") return true;
    }
    return false;
  }

  /** Puts the instructions in wait after `byte` into `next`; none: no continuation can match. Not sorted. */
  step(waiting: readonly number[], context: number, byte: number, next: number[]): number[] {
    const settled = this.#settle(waiting, context, byte);
    next.length = 0;
    this.#mark++;
    for (let i = 0; i < settled.length; i++) {
      const instruction = this.#instructions[settled[i]!]!;
      this.work++;
      if (instruction.op === "byte" && instruction.accepts[byte] === 1) this.#add(instruction.out, 0, next);
    }
    return next;
  }

  contextAfter(byte: number): number {
    if (!this.needsContext) return before.other;
    if (byte === 0x0a) return before.newline;
    return isWordByte(byte) ? before.word : before.other;
  }

  /** Walks through the zero-width conditions that hold between what went before and `byte`. */
  #settle(waiting: readonly number[], context: number, byte: number): readonly number[] {
    if (!this.needsContext) return waiting;
    const settled = this.#settled;
    settled.length = 0;
    const holds = conditionsBetween(context, byte);
    this.#mark++;
    for (let i = 0; i < waiting.length; i++) this.#add(waiting[i]!, holds, settled);
    return settled;
  }

  /** Adds `from` and what it leads to without a byte. Conditions that do not hold stay in the set, unresolved. */
  #add(from: number, holds: number, into: number[]): void {
    const stack = this.#stack;
    stack.push(from);
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (this.#seen[at] === this.#mark) continue;
      this.#seen[at] = this.#mark;
      this.work++;
      const instruction = this.#instructions[at]!;
      if (instruction.op === "alt") stack.push(instruction.other, instruction.out);
      else if (instruction.op === "next") stack.push(instruction.out);
      else if (instruction.op === "empty") {
        if ((instruction.needs & ~holds) === 0) stack.push(instruction.out);
        else into.push(at);
      } else if (instruction.op !== "fail") into.push(at);
    }
  }
}

function conditionsBetween(context: number, byte: number): number {
  let holds = 0;
  if (context === before.begin) holds |= emptyWidth.beginText | emptyWidth.beginLine;
  if (context === before.newline) holds |= emptyWidth.beginLine;
  if (byte === endOfText) holds |= emptyWidth.endText | emptyWidth.endLine;
  if (byte === 0x0a) holds |= emptyWidth.endLine;
  const atBoundary = (context === before.word) !== isWordByte(byte);
  return holds | (atBoundary ? emptyWidth.wordBoundary : emptyWidth.noWordBoundary);
}

/** ASCII, as in RE2. */
function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f
  );
}
