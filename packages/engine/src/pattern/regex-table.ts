/**
 * An expression as a table of states: one array read per byte of the text, no allocation, whatever the expression. Built
 * completely when configuration is compiled, within fixed bounds of work and memory; an expression that exceeds them is
 * simulated instead (regex-simulation.ts).
 */
import { before, Stepper } from "./regex-automaton.ts";
import type { Program } from "./regex-program.ts";

/** Entries of 2 bytes: 64 KiB for one expression; a UUID needs 400. */
const tableLimit = 32_768;
/** Instructions looked at: about 5 ms, so that a route full of hostile expressions does not hold up a worker. */
const workLimit = 150_000;

export interface RegexTable {
  /** Column of each byte. Bytes that no instruction tells apart share one. */
  readonly columns: Uint8Array;
  /** Row after row: the offset of the next state's row per column, then 1 where the text may end here. Row 0 is dead. */
  readonly rows: Uint16Array;
  readonly width: number;
  readonly start: number;
}

/** Undefined where the bounds do not suffice. */
export function buildRegexTable(program: Program): RegexTable | undefined {
  const stepper = new Stepper(program);
  const { columns, samples } = groupBytes(program, stepper);
  const width = samples.length + 1;
  const states = new StateSet(width);
  const start = states.offsetOf(stepper.begin(), stepper.needsContext ? before.begin : before.other);
  const rows: number[] = Array.from({ length: width }, () => 0);
  for (let index = 0; index < states.list.length; index++) {
    const { waiting, context } = states.list[index]!;
    for (const byte of samples) {
      rows.push(states.offsetOf(stepper.step(waiting, context, byte, []), stepper.contextAfter(byte)));
    }
    rows.push(stepper.matchesAtEnd(waiting, context) ? 1 : 0);
    if (stepper.work > workLimit || states.list.length * width > tableLimit) return undefined;
  }
  return { columns, rows: Uint16Array.from(rows), width, start };
}

/** The states found so far, numbered by the offset of their row. */
class StateSet {
  readonly list: { readonly waiting: readonly number[]; readonly context: number }[] = [];
  readonly #offsets = new Map<string, number>();
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  offsetOf(waiting: number[], context: number): number {
    if (waiting.length === 0) return 0;
    waiting.sort((a, b) => a - b);
    const key = `${context}:${waiting.join(",")}`;
    const known = this.#offsets.get(key);
    if (known !== undefined) return known;
    this.list.push({ waiting, context });
    const offset = this.list.length * this.#width;
    this.#offsets.set(key, offset);
    return offset;
  }
}

/** Bytes are alike when every instruction accepts both or neither, and "\b" and "$" see no difference. */
function groupBytes(program: Program, stepper: Stepper): { columns: Uint8Array; samples: number[] } {
  const sets = new Set<Uint8Array>();
  for (const instruction of program.instructions) {
    if (instruction.op === "byte") sets.add(instruction.accepts);
  }
  const columns = new Uint8Array(256);
  const samples: number[] = [];
  const known = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    let key = String(stepper.contextAfter(byte));
    for (const accepts of sets) key += accepts[byte] === 1 ? "1" : "0";
    let column = known.get(key);
    if (column === undefined) {
      column = samples.push(byte) - 1;
      known.set(key, column);
    }
    columns[byte] = column;
  }
  return { columns, samples };
}
