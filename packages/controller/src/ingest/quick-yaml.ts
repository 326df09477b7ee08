/**
 * A fast reader for what manifests usually look like: block mappings and lists, one-line scalars, one-line flow collections,
 * comments; and JSON. At the first thing beyond that it gives up, and the full parser, some ten times slower, reads the text.
 * What it does read it reads exactly as the full parser would: quick-yaml.test.ts holds the two against each other.
 */
import type { Position } from "./manifest-error.ts";
import { resolvePlainScalar } from "./plain-scalar.ts";
import { readQuickFlow } from "./quick-flow.ts";
import { GiveUp, Text } from "./quick-text.ts";
import { setOwn } from "./set-own.ts";

export interface QuickDocument {
  readonly value: unknown;
  readonly position: Position;
}

/** Tabs, other line ends, and characters that YAML treats in its own way. */
const unusual = /[^\n -~\u00a0-\u2027\u2030-\ud7ff]/;
const separator = /---(?: +#[^\n]*| *)(?:\n|$)/y;

/** Returns undefined for a text that only the full parser can read. */
export function readQuickYaml(text: string, firstLine: number): QuickDocument | undefined {
  if (unusual.test(text)) return undefined;
  try {
    return new QuickReader(text).readDocument(firstLine);
  } catch (error) {
    if (error instanceof GiveUp) return undefined;
    throw error;
  }
}

const deepest = 60;
const key = /([A-Za-z0-9_][\w./-]{0,255}|"[^"\\\n]{1,255}"|'[^'\n]{1,255}'):(?: +|(?=\n)|$)/y;
/** Whatever cannot be taken for an indicator; what follows is looked at below. */
const plain = /[A-Za-z0-9_./~$^(+<=;\\-][^\n]*/y;
const blank = /(?: *(?:#[^\n]*)?\n)*/y;

class QuickReader extends Text {
  /** Of the line that is read next; -1 at the end. */
  #indent = 0;
  #depth = 0;

  readDocument(firstLine: number): QuickDocument {
    this.match(blank);
    if (this.match(separator) !== undefined) this.match(blank);
    this.#enterLine();
    const position = this.#position(firstLine);
    const first = this.peek();
    const isFlow = first === "{" || first === "[";
    const value = isFlow ? readQuickFlow(this, true) : this.#readMap(this.#indent);
    if (isFlow) this.#nextLine();
    if (this.#indent !== -1) this.giveUp();
    return { value, position };
  }

  #position(firstLine: number): Position {
    let line = firstLine;
    for (
      let end = this.text.indexOf("\n");
      end !== -1 && end < this.at;
      end = this.text.indexOf("\n", end + 1)
    )
      line++;
    return { line, column: this.#indent + 1 };
  }

  #enterLine(): void {
    this.match(blank);
    const start = this.at;
    while (this.peek() === " ") this.at++;
    // A last line without an end may be blank or a comment.
    if (this.peek() === "#") this.at = this.text.length;
    this.#indent = this.at >= this.text.length ? -1 : this.at - start;
  }

  /** Past the rest of this line, which must be blank, to the next that says something. */
  #nextLine(): void {
    this.endLine();
    this.#enterLine();
  }

  #isListItem(): boolean {
    return this.peek() === "-" && this.text[this.at + 1] === " ";
  }

  #readMap(indent: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    if (++this.#depth > deepest) this.giveUp();
    do {
      const name = this.#readKey();
      if (Object.hasOwn(object, name)) this.giveUp();
      setOwn(object, name, this.#readMapValue(indent));
    } while (this.#indent === indent && !this.#isListItem());
    if (this.#indent > indent) this.giveUp();
    this.#depth--;
    return object;
  }

  #readKey(): string {
    const [, name] = this.match(key) ?? this.giveUp();
    if (name === undefined) return this.giveUp();
    return name.startsWith('"') || name.startsWith("'") ? name.slice(1, -1) : name;
  }

  #readMapValue(indent: number): unknown {
    const first = this.peek();
    if (first === undefined || first === "\n" || first === "#") {
      this.#nextLine();
      if (this.#indent < indent) return null;
      if (this.#isListItem()) return this.#readList(this.#indent);
      return this.#indent > indent ? this.#readMap(this.#indent) : null;
    }
    return this.#readInline(indent);
  }

  #readList(indent: number): unknown[] {
    const list: unknown[] = [];
    if (++this.#depth > deepest) this.giveUp();
    while (this.#indent === indent && this.#isListItem()) {
      const dash = this.at++;
      while (this.peek() === " ") this.at++;
      key.lastIndex = this.at;
      if (key.test(this.text)) {
        this.#indent = indent + (this.at - dash);
        list.push(this.#readMap(this.#indent));
      } else list.push(this.#readInline(indent));
    }
    if (this.#indent > indent) this.giveUp();
    this.#depth--;
    return list;
  }

  /** A value on one line; a deeper line after it would go on with it, and is for the full parser. */
  #readInline(indent: number): unknown {
    const first = this.peek();
    const value =
      first === '"'
        ? this.readDoubleQuoted()
        : first === "'"
          ? this.readSingleQuoted()
          : first === "{" || first === "["
            ? readQuickFlow(this, false)
            : this.#readPlain();
    this.#nextLine();
    if (this.#indent > indent) this.giveUp();
    return value;
  }

  #readPlain(): unknown {
    const [line] = this.match(plain) ?? this.giveUp();
    const comment = line.indexOf(" #");
    let end = comment === -1 ? line.length : comment;
    while (line.charCodeAt(end - 1) === 0x20) end--;
    const value = end === line.length ? line : line.slice(0, end);
    const isIndicator = value === "-" || value.startsWith("- ") || value.startsWith("---") || value === "...";
    if (isIndicator || value.includes(": ") || value.endsWith(":")) this.giveUp();
    return resolvePlainScalar(value);
  }
}
