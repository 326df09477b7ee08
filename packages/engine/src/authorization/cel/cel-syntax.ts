/**
 * A CEL expression as a tree (CEL language definition, "Grammar"), bounded in nodes and depth before anything is done with it.
 */
import { CelProblem } from "./cel-problem.ts";
import { readTokens, type Token } from "./cel-tokens.ts";

/** `at` is where it is in the text. */
export type CelNode =
  | { readonly kind: "literal"; readonly at: number; readonly value: string | number | boolean }
  | { readonly kind: "name"; readonly at: number; readonly name: string }
  | { readonly kind: "select"; readonly at: number; readonly of: CelNode; readonly field: string }
  | { readonly kind: "index"; readonly at: number; readonly of: CelNode; readonly key: CelNode }
  | {
      readonly kind: "call";
      readonly at: number;
      readonly of: CelNode | undefined;
      readonly name: string;
      readonly args: readonly CelNode[];
    }
  | { readonly kind: "list"; readonly at: number; readonly items: readonly CelNode[] }
  | { readonly kind: "unary"; readonly at: number; readonly operator: "!" | "-"; readonly of: CelNode }
  | {
      readonly kind: "binary";
      readonly at: number;
      readonly operator: string;
      readonly left: CelNode;
      readonly right: CelNode;
    }
  | {
      readonly kind: "choice";
      readonly at: number;
      readonly condition: CelNode;
      readonly whenTrue: CelNode;
      readonly whenFalse: CelNode;
    };

export const celLimits = { characters: 1024, nodes: 256, depth: 24 } as const;

/** Throws a CelProblem. */
export function parseCel(source: string): CelNode {
  if (source.length > celLimits.characters) {
    throw new CelProblem(celLimits.characters, `longer than ${celLimits.characters} characters; shorten it`);
  }
  return new Parser(readTokens(source)).whole();
}

/** From the loosest to the tightest. */
const levels: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">=", "in"],
  ["+", "-"],
  ["*", "/", "%"],
];

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #nodes = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): CelNode {
    const node = this.#expression();
    if (this.#token.kind !== "end") throw this.#unexpected();
    return node;
  }

  get #token(): Token {
    return this.#tokens[this.#next]!;
  }

  #unexpected(): CelProblem {
    const { kind, text, at } = this.#token;
    return new CelProblem(
      at,
      kind === "end" ? "the expression ends too early" : `${JSON.stringify(text)} is not expected here`,
    );
  }

  #is(text: string): boolean {
    const { kind } = this.#token;
    return (kind === "sign" || kind === "name") && this.#token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#next++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected();
  }

  #count<Node extends CelNode>(node: Node): Node {
    if (++this.#nodes > celLimits.nodes) {
      throw new CelProblem(node.at, `more than ${celLimits.nodes} parts; make several expressions of it`);
    }
    return node;
  }

  #expression(): CelNode {
    const { at } = this.#token;
    if (++this.#depth > celLimits.depth) {
      throw new CelProblem(at, `nested deeper than ${celLimits.depth}; make several expressions of it`);
    }
    const condition = this.#binary(0);
    let node = condition;
    if (this.#take("?")) {
      const whenTrue = this.#binary(0);
      this.#expect(":");
      node = this.#count({ kind: "choice", at, condition, whenTrue, whenFalse: this.#expression() });
    }
    this.#depth--;
    return node;
  }

  #binary(level: number): CelNode {
    const operators = levels[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const { at } = this.#token;
      const operator = operators.find((each) => this.#take(each));
      if (operator === undefined) return left;
      left = this.#count({ kind: "binary", at, operator, left, right: this.#binary(level + 1) });
    }
  }

  #unary(): CelNode {
    const { at } = this.#token;
    const signs: ("!" | "-")[] = [];
    for (;;) {
      if (this.#take("!")) signs.push("!");
      else if (this.#take("-")) signs.push("-");
      else break;
    }
    return signs.reduceRight<CelNode>(
      (of, operator) => this.#count({ kind: "unary", at, operator, of }),
      this.#member(),
    );
  }

  #member(): CelNode {
    let node = this.#primary();
    for (;;) {
      const { at } = this.#token;
      if (this.#take(".")) node = this.#selection(node, at);
      else if (this.#take("[")) {
        const key = this.#expression();
        this.#expect("]");
        node = this.#count({ kind: "index", at, of: node, key });
      } else return node;
    }
  }

  #selection(of: CelNode, at: number): CelNode {
    const { kind, text } = this.#token;
    if (kind !== "name") throw this.#unexpected();
    this.#next++;
    if (!this.#take("(")) return this.#count({ kind: "select", at, of, field: text });
    return this.#count({ kind: "call", at, of, name: text, args: this.#list(")") });
  }

  /** Up to and with the end sign. */
  #list(end: string): CelNode[] {
    const items: CelNode[] = [];
    while (!this.#take(end)) {
      if (items.length > 0) {
        this.#expect(",");
        if (end === "]" && this.#take(end)) break;
      }
      items.push(this.#expression());
    }
    return items;
  }

  #primary(): CelNode {
    const token = this.#token;
    const { kind, text, at } = token;
    if (this.#take("(")) {
      const inner = this.#expression();
      this.#expect(")");
      return inner;
    }
    if (this.#take("[")) return this.#count({ kind: "list", at, items: this.#list("]") });
    if (kind === "sign" || kind === "end") throw this.#unexpected();
    this.#next++;
    if (kind === "string") return this.#count({ kind: "literal", at, value: text });
    if (kind === "int") return this.#count({ kind: "literal", at, value: readInt(token) });
    if (text === "true" || text === "false") {
      return this.#count({ kind: "literal", at, value: text === "true" });
    }
    if (text === "null")
      throw new CelProblem(at, "null is not supported: nothing here is null, ask has(...)");
    if (text === "in") throw new CelProblem(at, '"in" is not expected here');
    if (this.#take("(")) {
      return this.#count({ kind: "call", at, of: undefined, name: text, args: this.#list(")") });
    }
    return this.#count({ kind: "name", at, name: text });
  }
}

function readInt({ text, at }: Token): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new CelProblem(at, `${text} is too large a number`);
  return value;
}
