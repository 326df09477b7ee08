/**
 * One YAML (or JSON) document as a tree that knows its positions. Slow and heavy, so it is built only when the quick way
 * cannot read a text, or when somebody has to be told where a field is; nobody keeps it.
 *
 * Scalars stay text here ("failsafe" schema): plain-scalar.ts decides what they stand for.
 */
import {
  Composer,
  type Document,
  LineCounter,
  Parser,
  type ParsedNode,
  type Scalar,
  type YAMLError,
  visit,
} from "yaml";
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

/** What people mostly did when the parser says so. */
const hints: Readonly<Record<string, string>> = {
  BAD_INDENT: "fields of one mapping must begin in one column; list items too",
  BAD_SCALAR_START: "put the value in quotes",
  BAD_DQ_ESCAPE: "in double quotes a backslash is written twice; in single quotes once",
};

type Words = Omit<SyntaxIssue, "position">;

/** Where the parser's own words would not help. */
function rephrase({ code, message }: YAMLError): Words | undefined {
  switch (code) {
    case "RESOURCE_EXHAUSTION":
      return { message: "nested too deep to be read" };
    case "BLOCK_AS_IMPLICIT_KEY":
      return {
        message: "a mapping cannot begin here",
        hint: 'is a line below indented too far, or does a value that contains ": " lack quotes?',
      };
    case "MULTILINE_IMPLICIT_KEY":
      return { message: "a field name without a value", hint: 'is a ":" missing, or a quote not closed?' };
    default: {
      if (message.startsWith("Implicit map keys need to be followed by map values")) {
        return { message: "a field name without a value", hint: 'is a ":" missing, or a space after it?' };
      }
      const [, end] = /^Flow .* end with a ([}\]])$/.exec(message) ?? [];
      return end === undefined
        ? undefined
        : { message: `a "${end}" is missing, or a line is not indented enough` };
    }
  }
}

function describeYamlError(error: YAMLError, tree: Omit<YamlTree, "issue">, text: string): SyntaxIssue {
  const position = tree.positionAt(error.pos[0]);
  if (error.code === "TAB_AS_INDENT" || text[error.pos[0]] === "\t") {
    return { position, message: "a tab cannot indent YAML", hint: "indent with spaces" };
  }
  const [, quote] = /^Missing closing (["'])quote/.exec(error.message) ?? [];
  if (quote !== undefined) {
    const opened = tree.positionAt(openingQuote(tree.root, error.pos[0]));
    return { position: opened, message: `a quote (${quote}) that is opened here is not closed` };
  }
  const rephrased = rephrase(error);
  if (rephrased !== undefined) return { position, ...rephrased };
  const hint = hints[error.code];
  const message = `not valid YAML: ${lowerFirst(error.message)}`;
  return hint === undefined ? { position, message } : { position, message, hint };
}

/** The parser complains where the text ends; what has to be mended is where the quote begins. */
function openingQuote(root: ParsedNode | undefined, end: number): number {
  let start = end;
  visit(root ?? null, {
    Scalar(_, { type, range }) {
      if (range && range[0] < end && range[2] >= end && type?.startsWith("QUOTE") === true) start = range[0];
    },
  });
  return start;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
