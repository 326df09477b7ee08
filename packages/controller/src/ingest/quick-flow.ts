/** The quick reader's part for flow style, `{a: 1, b: [x, "y"]}`, which JSON is a case of. */
import { resolvePlainScalar } from "./plain-scalar.ts";
import type { Text } from "./quick-text.ts";
import { setOwn } from "./set-own.ts";

const deepest = 60;
const spaces = / */y;
const spacesAndLines = /[ \n]*/y;
/** Without ":" and "#", whose meaning depends on their neighbours. */
const plain = /[A-Za-z0-9_./~$^(+<=;\\-][^,[\]{}\n#:&*!|>'"%@`?]*/y;
const plainKey = /([A-Za-z0-9_][\w./-]{0,255}): /y;
const quotedKey = /("[^"\\\n]{1,255}"|'[^'\n]{1,255}'):/y;

/** `isWhole`: the collection is the document, and may go over several lines. */
export function readQuickFlow(text: Text, isWhole: boolean): unknown {
  return new FlowReader(text, isWhole ? spacesAndLines : spaces).read(0);
}

class FlowReader {
  readonly #text: Text;
  readonly #gap: RegExp;

  constructor(text: Text, gap: RegExp) {
    this.#text = text;
    this.#gap = gap;
  }

  read(depth: number): unknown {
    const text = this.#text;
    if (depth > deepest) text.giveUp();
    const first = text.peek();
    if (first === "{") return this.#readMap(depth);
    if (first === "[") return this.#readList(depth);
    if (first === '"') return text.readDoubleQuoted();
    return first === "'" ? text.readSingleQuoted() : this.#readPlain();
  }

  #readMap(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    if (this.#open("}")) return object;
    do {
      const name = this.#readKey();
      if (Object.hasOwn(object, name)) this.#text.giveUp();
      this.#skip();
      setOwn(object, name, this.read(depth + 1));
    } while (this.#goesOn("}"));
    return object;
  }

  #readList(depth: number): unknown[] {
    const list: unknown[] = [];
    if (this.#open("]")) return list;
    do list.push(this.read(depth + 1));
    while (this.#goesOn("]"));
    return list;
  }

  #readKey(): string {
    const text = this.#text;
    const quoted = text.match(quotedKey);
    if (quoted !== undefined) return quoted[1]?.slice(1, -1) ?? text.giveUp();
    return (text.match(plainKey) ?? text.giveUp())[1] ?? text.giveUp();
  }

  #readPlain(): unknown {
    const [found] = this.#text.match(plain) ?? this.#text.giveUp();
    let end = found.length;
    while (found.charCodeAt(end - 1) === 0x20) end--;
    const value = found.slice(0, end);
    if (value.startsWith("-") && !/^-[A-Za-z0-9.]/.test(value)) this.#text.giveUp();
    // A quote, colon or comment right after it would have made it something else.
    this.#text.at -= found.length - end;
    return resolvePlainScalar(value);
  }

  /** Past the opening bracket; true where the collection is empty, and read. */
  #open(end: string): boolean {
    this.#text.at++;
    this.#skip();
    if (this.#text.peek() !== end) return false;
    this.#text.at++;
    return true;
  }

  /** Past a comma (true) or the closing bracket (false). */
  #goesOn(end: string): boolean {
    this.#skip();
    const mark = this.#text.peek();
    this.#text.at++;
    if (mark === end) return false;
    if (mark !== ",") this.#text.giveUp();
    this.#skip();
    return true;
  }

  #skip(): void {
    this.#text.match(this.#gap);
  }
}
