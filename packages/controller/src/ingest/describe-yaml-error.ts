/** What a YAML parser complains of, in the words of somebody who writes manifests. */
import { type ParsedNode, visit, type YAMLError } from "yaml";
import type { SyntaxIssue, YamlTree } from "./yaml-tree.ts";

type Words = Omit<SyntaxIssue, "position">;

/** What people mostly did when the parser says so. */
const hints: Readonly<Record<string, string>> = {
  BAD_INDENT: "fields of one mapping must begin in one column; list items too",
  BAD_SCALAR_START: "put the value in quotes",
  BAD_DQ_ESCAPE: "in double quotes a backslash is written twice; in single quotes once",
};

const colonMissing = 'is a ":" missing, or a space after it, or a quote not closed?';

/** Where the parser's own words would not help. */
const otherWords = new Map<string, Words>([
  ["RESOURCE_EXHAUSTION", { message: "nested too deep to be read" }],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    {
      message: "a mapping cannot begin here",
      hint: 'is a line below indented too far, or does a value that contains ": " lack quotes?',
    },
  ],
  ["MULTILINE_IMPLICIT_KEY", { message: "a field name without a value", hint: colonMissing }],
]);

function rephrase({ code, message }: YAMLError): Words | undefined {
  if (message.startsWith("Implicit map keys need to be followed by map values")) {
    return { message: "a field name without a value", hint: colonMissing };
  }
  const [, end] = /^Flow .* end with a ([}\]])$/.exec(message) ?? [];
  if (end !== undefined) return { message: `a "${end}" is missing, or a line is not indented enough` };
  return otherWords.get(code);
}

export function describeYamlError(
  error: YAMLError,
  tree: Omit<YamlTree, "issue">,
  text: string,
): SyntaxIssue {
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
  return { position, message, isQuoting: true, ...(hint !== undefined && { hint }) };
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
