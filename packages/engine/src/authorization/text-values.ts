/** Values with at most one *, first or last: equal, prefix*, *suffix, and * for any text that is not empty (as Istio has them). */

export interface TextValues {
  /** False for "": an attribute that is not there is equal to nothing. */
  test(text: string): boolean;
}

/** Above it, equality is looked up and not searched. */
const fewValues = 4;

class WildcardValues implements TextValues {
  readonly #exact: readonly string[];
  readonly #exactSet: ReadonlySet<string> | undefined;
  readonly #prefixes: readonly string[];
  readonly #suffixes: readonly string[];
  readonly #any: boolean;

  constructor(values: readonly string[]) {
    this.#any = values.includes("*");
    const rest = values.filter((value) => value !== "*");
    this.#prefixes = rest.filter((value) => value.endsWith("*")).map((value) => value.slice(0, -1));
    this.#suffixes = rest.filter((value) => value.startsWith("*")).map((value) => value.slice(1));
    this.#exact = rest.filter((value) => !value.startsWith("*") && !value.endsWith("*"));
    this.#exactSet = this.#exact.length > fewValues ? new Set(this.#exact) : undefined;
  }

  test(text: string): boolean {
    if (text === "") return false;
    if (this.#any || this.#isExact(text)) return true;
    for (let i = 0; i < this.#prefixes.length; i++) if (text.startsWith(this.#prefixes[i]!)) return true;
    for (let i = 0; i < this.#suffixes.length; i++) if (text.endsWith(this.#suffixes[i]!)) return true;
    return false;
  }

  #isExact(text: string): boolean {
    if (this.#exactSet !== undefined) return this.#exactSet.has(text);
    for (let i = 0; i < this.#exact.length; i++) if (this.#exact[i] === text) return true;
    return false;
  }
}

/** What is wrong with a value; undefined: nothing. */
export function problemOfText(value: string): string | undefined {
  if (value === "") return "is empty, and equal to nothing";
  const star = value.slice(1, -1).includes("*");
  const both = value.length > 1 && value.startsWith("*") && value.endsWith("*");
  return star || both ? `${JSON.stringify(value)}: one * at most, first or last` : undefined;
}

/** Of values without problems. */
export function textValues(values: readonly string[]): TextValues {
  return new WildcardValues(values);
}
