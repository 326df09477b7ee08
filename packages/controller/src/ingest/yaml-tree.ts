/**
 * One YAML (or JSON) document as a tree that knows its positions. Slow and heavy, so it is built only when the quick way
 * cannot read a text, or when somebody has to be told where a field is; nobody keeps it.
 *
 * Scalars stay text here ("failsafe" schema): plain-scalar.ts decides what they stand for.
 */
import { Composer, type Document, LineCounter, Parser, type ParsedNode, type YAMLError } from "yaml";
import type { Position } from "./manifest-error.ts";

export interface SyntaxIssue {
  readonly position: Position;
  readonly message: string;
  readonly hint?: string;
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
  let issue = error === undefined ? undefined : describeYamlError(error, positionAt(error.pos[0]), text);
  if (issue === undefined && second !== undefined) {
    issue = {
      position: positionAt(second.range[0]),
      message: "a second document begins here",
      hint: 'put a line "---" between documents',
    };
  }
  return { root: document?.contents ?? undefined, issue, positionAt };
}

/** What people mostly did when the parser says so. */
const hints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "indent with spaces",
  BAD_INDENT: "fields of one mapping must begin in one column; list items too",
  MULTILINE_IMPLICIT_KEY: 'is a ":" missing after the field name above, or a quote not closed?',
  BAD_SCALAR_START: "put the value in quotes",
  BAD_DQ_ESCAPE: "in double quotes a backslash is written twice; in single quotes once",
};

function describeYamlError(error: YAMLError, position: Position, text: string): SyntaxIssue {
  if (error.code === "BLOCK_AS_IMPLICIT_KEY") {
    const hint = 'is a line below indented too far, or does a value that contains ": " lack quotes?';
    return { position, message: "a mapping cannot begin here", hint };
  }
  const isMissingValue = error.message.startsWith("Implicit map keys need to be followed by map values");
  if (isMissingValue) {
    return {
      position,
      message: "a field name without a value",
      hint: 'is a ":" missing, or a space after it?',
    };
  }
  const [, unclosed] = /^Missing closing (["'])quote/.exec(error.message) ?? [];
  if (unclosed !== undefined)
    return { position, message: `a quote (${unclosed}) that is opened is not closed` };
  const isTab = error.code === "TAB_AS_INDENT" || text[error.pos[0]] === "\t";
  const hint = hints[isTab ? "TAB_AS_INDENT" : error.code];
  const message = isTab ? "a tab cannot indent YAML" : `not valid YAML: ${lowerFirst(error.message)}`;
  return hint === undefined ? { position, message } : { position, message, hint };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
