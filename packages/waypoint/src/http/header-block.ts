/**
 * The header lines of one message, kept as the text they came in and where each part of it lies: nothing is copied or
 * lower-cased until somebody asks. Order, case and repeated lines survive. Also built line by line, for messages that did
 * not arrive as HTTP/1.1 text.
 */
import { knownId, knownName } from "./known-headers.ts";

export class HeaderBlock {
  /** Latin-1; every line "Name: value\r\n" of it is valid as it stands. */
  text = "";
  count = 0;
  /** Offsets into text, by line. The name ends at its colon; the value has no white space around it. */
  readonly nameStart: number[] = [];
  readonly nameEnd: number[] = [];
  readonly valueStart: number[] = [];
  readonly valueEnd: number[] = [];
  readonly lineEnd: number[] = [];
  /** known-headers.ts, by line. */
  readonly ids: number[] = [];
  /**
   * Lines that came as never-indexed literals of HPACK: they are sent on as such (RFC 7541 6.2.3, 7.1.3), so that no table on the
   * way lets anybody guess at them. Few messages have any.
   */
  neverIndexed: Set<number> | undefined = undefined;

  clear(): void {
    this.text = "";
    this.count = 0;
    this.neverIndexed = undefined;
  }

  markNeverIndexed(index: number): void {
    this.neverIndexed ??= new Set();
    this.neverIndexed.add(index);
  }

  /** Records a line that lies in the text. */
  push(
    nameStart: number,
    nameEnd: number,
    valueStart: number,
    valueEnd: number,
    lineEnd: number,
    id: number,
  ): void {
    const i = this.count++;
    this.nameStart[i] = nameStart;
    this.nameEnd[i] = nameEnd;
    this.valueStart[i] = valueStart;
    this.valueEnd[i] = valueEnd;
    this.lineEnd[i] = lineEnd;
    this.ids[i] = id;
  }

  /** Adds a line to the text; name and value must be valid already. */
  append(name: string, value: string): void {
    const start = this.text.length;
    this.text += `${name}: ${value}\r\n`;
    const valueStart = start + name.length + 2;
    this.push(
      start,
      start + name.length,
      valueStart,
      valueStart + value.length,
      this.text.length,
      knownId(name.toLowerCase()),
    );
  }

  /** Lower-case. */
  nameAt(index: number): string {
    const id = this.ids[index]!;
    return id === 0
      ? this.text.slice(this.nameStart[index], this.nameEnd[index]).toLowerCase()
      : knownName(id);
  }

  valueAt(index: number): string {
    return this.text.slice(this.valueStart[index], this.valueEnd[index]);
  }

  /** The first line with that known name, or -1. */
  indexOfKnown(id: number): number {
    for (let i = 0; i < this.count; i++) if (this.ids[i] === id) return i;
    return -1;
  }

  /** The first value of a known name, or "". */
  firstKnown(id: number): string {
    const index = this.indexOfKnown(id);
    return index < 0 ? "" : this.valueAt(index);
  }

  /** Every value of a name (lower-case), in order. Decisions look at all of them (CVE-2020-25017, CVE-2026-26308). */
  values(lowerName: string): readonly string[] {
    const id = knownId(lowerName);
    let found: string[] | undefined;
    for (let i = 0; i < this.count; i++) {
      if (!this.#isNamed(i, id, lowerName)) continue;
      found ??= [];
      found.push(this.valueAt(i));
    }
    return found ?? none;
  }

  /** `id`: of the name. */
  #isNamed(index: number, id: number, lowerName: string): boolean {
    if (id !== 0 || this.ids[index] !== 0) return this.ids[index] === id;
    return (
      lowerName.length === this.nameEnd[index]! - this.nameStart[index]! && this.nameAt(index) === lowerName
    );
  }

  /** A copy that stays, but for the lines of these names (lower-case): those that are kept are copied as runs of the text. */
  without(lowerNames: readonly string[]): HeaderBlock {
    const copy = new HeaderBlock();
    const ids = lowerNames.map(knownId);
    let runStart = -1;
    let shift = 0;
    for (let i = 0; i < this.count; i++) {
      if (lowerNames.some((name, at) => this.#isNamed(i, ids[at]!, name))) {
        if (runStart >= 0) copy.text += this.text.slice(runStart, this.nameStart[i]);
        runStart = -1;
        continue;
      }
      if (runStart < 0) {
        runStart = this.nameStart[i]!;
        shift = copy.text.length - runStart;
      }
      copy.push(
        this.nameStart[i]! + shift,
        this.nameEnd[i]! + shift,
        this.valueStart[i]! + shift,
        this.valueEnd[i]! + shift,
        this.lineEnd[i]! + shift,
        this.ids[i]!,
      );
      if (this.neverIndexed?.has(i) === true) copy.markNeverIndexed(copy.count - 1);
    }
    if (runStart >= 0) copy.text += this.text.slice(runStart, this.lineEnd[this.count - 1]);
    return copy;
  }

  /** A copy that stays when this block is used for the next message. */
  clone(): HeaderBlock {
    const copy = new HeaderBlock();
    for (let i = 0; i < this.count; i++) {
      copy.append(this.text.slice(this.nameStart[i], this.nameEnd[i]), this.valueAt(i));
      if (this.neverIndexed?.has(i) === true) copy.markNeverIndexed(i);
    }
    return copy;
  }
}

const none: readonly string[] = [];
