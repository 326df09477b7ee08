/**
 * One YAML (or JSON) document as a tree that knows its positions. Slow and heavy, so it is built only when the quick way
 * cannot read a text, or when somebody has to be told where a field is; nobody keeps it.
 *
 * Scalars stay text here ("failsafe" schema): plain-scalar.ts decides what they stand for.
 */
import { Composer, type Document, LineCounter, Parser, type ParsedNode, type Scalar } from "yaml";
import { describeYamlError } from "./describe-yaml-error.ts";
import type { Position } from "./manifest-error.ts";

export interface SyntaxIssue {
  readonly position: Position;
  readonly message: string;
  readonly hint?: string;
  /** The message has something of the text's own in it. */
  readonly isQuoting?: true;
}

export interface YamlTree {
  readonly root: ParsedNode | undefined;
  /** The first thing that is wrong with the text; what a parser says after that is guesswork. */
  readonly issue: SyntaxIssue | undefined;
  /** Lines are counted from `firstLine`, the line of the file that the text begins on. */
  positionAt(offset: number): Position;
}

export function buildYamlTree(text: string, firstLine: number): YamlTree {
  const lines = new LineCounter();
  const tokens = new Parser(lines.addNewLine).parse(text);
  // uniqueKeys compares every key with every other: the check is made where the tree becomes a value.
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false, strict: true, logLevel: "silent" });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: line + firstLine - 1, column: col };
  };
  // Trees as the parser makes them: each node knows its range.
  const documents = [...composer.compose(tokens, true, text.length)] as (Omit<Document.Parsed, "contents"> & {
    contents: ParsedNode | null;
  })[];
  const [document, second] = documents;
  const error = document?.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  const root = document?.contents ?? undefined;
  let issue = error === undefined ? undefined : describeYamlError(error, { root, positionAt }, text);
  if (issue === undefined && second !== undefined) {
    issue = {
      position: positionAt(second.range[0]),
      message: "a second document begins here",
      hint: 'put a line "---" between documents',
    };
  }
  return { root, issue, positionAt };
}

/** A scalar's text, unquoted. (A "!!binary" has bytes, and is refused where values are made.) */
export function scalarText({ value }: Scalar): string {
  return typeof value === "string" ? value : "";
}
