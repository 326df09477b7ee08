/**
 * What the encoder knows of one field name on one connection: where it stands in the static table, whether its values may
 * be indexed at all, and the values of it that were put into the dynamic table lately. Names whose values keep changing
 * are left out of the table after some tries, since each try pushes out something that comes again.
 */
import { detachText } from "../../detach-text.ts";
import { staticNameIndex } from "./static-table.ts";

/** Indexing them would let whoever shares the connection guess at them (RFC 7541 7.1.3). */
const neverIndexed: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
]);

/** Different in nearly every message, so not even tried. */
const neverRepeated: ReadonlySet<string> = new Set([
  "content-length",
  "etag",
  "last-modified",
  "traceparent",
  "x-request-id",
]);

const valuesKept = 8;
const triesAtFirst = 8;
const triesMost = 16;
/** One more try after so many misses: values may become stable. */
const missesPerTry = 64;

export type Indexing = "never" | "without" | "adaptive";

export class RememberedName {
  readonly staticIndex: number;
  readonly indexing: Indexing;
  /** In the table's numbers; those no longer there are found by asking it. */
  #values: string[] = [];
  #numbers: number[] = [];
  #next = 0;
  #tries = triesAtFirst;
  #misses = 0;

  /** `isKept`: the connection goes on knowing it. */
  constructor(name: string, isKept: boolean) {
    this.staticIndex = staticNameIndex(name);
    this.indexing = neverIndexed.has(name)
      ? "never"
      : !isKept || neverRepeated.has(name)
        ? "without"
        : "adaptive";
  }

  /** The number under which the value was put into the table last; 0 for never. */
  numberOf(value: string): number {
    const values = this.#values;
    for (let i = 0; i < values.length; i++) if (values[i] === value) return this.#numbers[i]!;
    return 0;
  }

  /** The newest number of any of its values: their entries have its name. */
  newestNumber(): number {
    return this.#numbers.length === 0
      ? 0
      : this.#numbers[(this.#next + this.#numbers.length - 1) % this.#numbers.length]!;
  }

  hit(): void {
    if (this.#tries < triesMost) this.#tries++;
  }

  /** The value is not in the table. True: put it there. */
  isWorthATry(): boolean {
    if (this.#tries > 0) {
      this.#tries--;
      return true;
    }
    if (++this.#misses < missesPerTry) return false;
    this.#misses = 0;
    return true;
  }

  /** Gives back how many characters more it keeps. */
  remember(value: string, number: number): number {
    for (let i = 0; i < this.#values.length; i++) {
      if (this.#values[i] === value) {
        this.#numbers[i] = number;
        return 0;
      }
    }
    const before = this.#values[this.#next]?.length ?? 0;
    this.#values[this.#next] = detachText(value);
    this.#numbers[this.#next] = number;
    this.#next = (this.#next + 1) % valuesKept;
    return value.length - before;
  }

  /** Forgets values that are not in the table any more. Gives back how many characters are kept. */
  forget(isInTable: (number: number) => boolean): number {
    const values: string[] = [];
    const numbers: number[] = [];
    const { length } = this.#values;
    for (let i = 0; i < length; i++) {
      const at = (this.#next + i) % length;
      if (!isInTable(this.#numbers[at]!)) continue;
      values.push(this.#values[at]!);
      numbers.push(this.#numbers[at]!);
    }
    this.#values = values;
    this.#numbers = numbers;
    this.#next = values.length % valuesKept;
    return values.reduce((sum, value) => sum + value.length, 0);
  }
}
