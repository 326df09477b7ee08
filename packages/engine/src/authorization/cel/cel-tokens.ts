/**
 * The text of a CEL expression as tokens (CEL language definition, "Syntax"). Of what the language has and nothing here needs, bytes,
 * doubles and unsigned numbers are refused by name.
 */
import { CelProblem } from "./cel-problem.ts";

export interface Token {
  readonly kind: "name" | "int" | "string" | "sign" | "end";
  /** Of a string what it stands for. */
  readonly text: string;
  readonly at: number;
}

const space = /[ \t\r\n]+|\/\/[^\n]*/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /0x[0-9a-fA-F]+|[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?[uU]?|\.[0-9]+/y;
const text = /[rR]?("(\\[^\n]|[^"\\\n])*"|'(\\[^\n]|[^'\\\n])*')/y;
const sign = /&&|\|\||[=!<>]=|[-!<>+*/%?:.,()[\]]/y;

export function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (expression: RegExp): string | undefined => {
    expression.lastIndex = at;
    return expression.exec(source)?.[0];
  };
  for (;;) {
    const skipped = take(space);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    if (at >= source.length) break;
    const written = readToken(take, at, source);
    tokens.push(written.token);
    at += written.length;
  }
  return [...tokens, { kind: "end", text: "", at }];
}

function readToken(
  take: (expression: RegExp) => string | undefined,
  at: number,
  source: string,
): { token: Token; length: number } {
  const string = take(text);
  if (string !== undefined) {
    return { token: { kind: "string", text: unquote(string, at), at }, length: string.length };
  }
  const word = take(name);
  if (word !== undefined) {
    const next = source[at + word.length];
    if (/^[bB][rR]?$|^[rR][bB]$/.test(word) && (next === '"' || next === "'")) {
      throw new CelProblem(at, "bytes are not supported: nothing here is bytes");
    }
    return { token: { kind: "name", text: word, at }, length: word.length };
  }
  const digits = take(number);
  if (digits !== undefined) {
    if (!/^(0x)?[0-9a-fA-F]+$/.test(digits) || /^[0-9]+[eE]/.test(digits)) {
      throw new CelProblem(at, `${digits}: numbers are whole here, such as 80`);
    }
    return { token: { kind: "int", text: digits, at }, length: digits.length };
  }
  const operator = take(sign);
  if (operator === undefined) throw new CelProblem(at, `${JSON.stringify(source[at])} is not expected here`);
  return { token: { kind: "sign", text: operator, at }, length: operator.length };
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "?": "?",
  '"': '"',
  "'": "'",
  "`": "`",
};

function unquote(written: string, at: number): string {
  const isRaw = written[0] === "r" || written[0] === "R";
  const inner = written.slice(isRaw ? 2 : 1, -1);
  if (isRaw) return inner;
  return inner.replaceAll(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^])/g,
    (escape, [first = "", ...code]: string) => {
      if (code.length > 0) return String.fromCharCode(Number.parseInt(code.join(""), 16));
      const known = escapes[first];
      if (known === undefined) throw new CelProblem(at, `${escape} is no escape of CEL`);
      return known;
    },
  );
}
