/**
 * Regular expressions of users, with RE2's syntax and meaning, matched against the whole text: "/v[0-9]" holds "/v1" and
 * not "/v1/x" (as in Envoy and Istio). No expression of a user ever becomes a RegExp: V8's engine backtracks. re2js
 * compiles, and our own automaton runs, in time linear in the text; bytes are the alphabet (RE2's Latin-1 mode).
 */
import { compileProgram } from "./regex-program.ts";
import { RegexSimulation } from "./regex-simulation.ts";
import { buildRegexTable, type RegexTable } from "./regex-table.ts";
import type { RegexTextPattern } from "./text-pattern.ts";

/** Throws an Error that says what is wrong with the expression. */
export function compileRegex(source: string): RegexTextPattern {
  const program = compileProgram(source);
  const table = buildRegexTable(program);
  return table === undefined
    ? new SimulatedPattern(source, new RegexSimulation(program))
    : new TablePattern(source, table);
}

class TablePattern implements RegexTextPattern {
  readonly source: string;
  readonly literalPrefix: string;
  readonly #columns: Uint8Array;
  readonly #rows: Uint16Array;
  readonly #width: number;
  readonly #start: number;

  constructor(source: string, table: RegexTable) {
    this.source = source;
    this.literalPrefix = literalPrefixOf(table);
    this.#columns = table.columns;
    this.#rows = table.rows;
    this.#width = table.width;
    this.#start = table.start;
  }

  test(text: string): boolean {
    const columns = this.#columns;
    const rows = this.#rows;
    let row = this.#start;
    for (let i = 0; i < text.length; i++) {
      const byte = text.charCodeAt(i);
      if (byte > 255) return false;
      row = rows[row + columns[byte]!]!;
      if (row === 0) return false;
    }
    return rows[row + this.#width - 1] === 1;
  }
}

class SimulatedPattern implements RegexTextPattern {
  readonly source: string;
  readonly literalPrefix = "";
  readonly #simulation: RegexSimulation;

  constructor(source: string, simulation: RegexSimulation) {
    this.source = source;
    this.#simulation = simulation;
  }

  test(text: string): boolean {
    return this.#simulation.test(text);
  }
}

/** Follows the table while a state may not end and goes on with one byte alone. */
function literalPrefixOf(table: RegexTable): string {
  const { columns, rows, width } = table;
  const bytesOfColumn: number[][] = Array.from({ length: width - 1 }, () => []);
  for (let byte = 0; byte < 256; byte++) bytesOfColumn[columns[byte]!]!.push(byte);
  let prefix = "";
  let row = table.start;
  while (prefix.length < 256 && rows[row + width - 1] === 0) {
    let only = -1;
    let ways = 0;
    for (let column = 0; column < width - 1; column++) {
      if (rows[row + column] === 0) continue;
      only = column;
      ways += bytesOfColumn[column]!.length;
    }
    if (ways !== 1) break;
    prefix += String.fromCharCode(bytesOfColumn[only]![0]!);
    row = rows[row + only]!;
  }
  return prefix;
}
