/**
 * What a header, query parameter or path is held against. Patterns always match the whole text. Texts are bytes (see
 * byte-text.ts): a code unit above 255 matches nothing.
 */
import { toByteText } from "./byte-text.ts";
import { compileRegex } from "./regex-pattern.ts";

export interface TextPattern {
  test(text: string): boolean;
  /** The value or expression as the user wrote it. */
  readonly source: string;
}

class ExactPattern implements TextPattern {
  readonly source: string;
  readonly #bytes: string;

  constructor(source: string) {
    this.source = source;
    this.#bytes = toByteText(source);
  }

  test(text: string): boolean {
    return text === this.#bytes;
  }
}

/** Equal, byte for byte; case counts. */
export function exactPattern(value: string): TextPattern {
  return new ExactPattern(value);
}

/** A text pattern from an RE2 expression; throws an Error that says what is wrong with it. See regex-pattern.ts. */
export function regexPattern(source: string): RegexTextPattern {
  return compileRegex(source);
}

export interface RegexTextPattern extends TextPattern {
  /** What every matching text begins with; "" where nothing is certain. Lets a table file the expression by path. */
  readonly literalPrefix: string;
}
