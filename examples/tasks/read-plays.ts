/**
 * What a page of docs/ has a reader do, step by step (CONTRIBUTING.md, "Task pages"): between `<!-- play <world> -->` and
 * `<!-- end of play -->` each indented block is either an object to apply or commands with what they print.
 */
import { parse } from "yaml";

export type Step =
  | { readonly kind: "apply"; readonly line: number; readonly file: string; readonly text: string }
  | {
      readonly kind: "command";
      readonly line: number;
      readonly command: string;
      /** Each of these is in a line of what it prints. */
      readonly expected: readonly string[];
    };

export interface Play {
  /** The heading above it. */
  readonly title: string;
  readonly world: string;
  readonly steps: readonly Step[];
}

export function readPlays(page: string): readonly Play[] {
  const plays: Play[] = [];
  const lines = page.split("\n");
  let title = "";
  for (let at = 0; at < lines.length; at++) {
    title = /^#+ (.*)$/.exec(lines[at]!)?.[1] ?? title;
    const world = /^<!-- play (\S+) -->$/.exec(lines[at]!)?.[1];
    if (world === undefined) continue;
    const end = lines.indexOf("<!-- end of play -->", at);
    if (end < 0) throw new Error(`line ${at + 1}: this play has no end`);
    plays.push({ title, world, steps: readSteps(lines, at + 1, end) });
    at = end;
  }
  return plays;
}

/** A block ends with a blank line before something else, or where the indentation does. */
function readSteps(lines: readonly string[], from: number, end: number): Step[] {
  const steps: Step[] = [];
  for (let at = from; at < end; at++) {
    const indent = /^ {4,}(?=\S)/.exec(lines[at]!)?.[0] ?? "";
    if (indent === "") continue;
    let last = at;
    while (last + 1 < end && lines[last + 1]!.startsWith(indent)) last++;
    steps.push(
      ...readBlock(
        lines.slice(at, last + 1).map((line) => line.slice(indent.length)),
        at + 1,
      ),
    );
    at = last;
  }
  return steps;
}

function readBlock(block: readonly string[], line: number): Step[] {
  if (block[0]!.startsWith("$ ")) return readCommands(block, line);
  const text = `${block.join("\n").trimEnd()}\n`;
  const object = parse(text) as {
    readonly kind?: string;
    readonly metadata?: { readonly name?: string };
  } | null;
  const name = object?.metadata?.name;
  if (object?.kind === undefined || name === undefined) {
    throw new Error(`line ${line}: a block of a play is an object, or commands that begin with "$ "`);
  }
  return [{ kind: "apply", line, file: `${object.kind.toLowerCase()}-${name}.yaml`, text }];
}

function readCommands(block: readonly string[], line: number): Step[] {
  const steps: (Step & { kind: "command"; expected: string[] })[] = [];
  for (const [at, text] of block.entries()) {
    if (text.startsWith("$ ")) {
      steps.push({ kind: "command", line: line + at, command: text.slice(2), expected: [] });
    } else if (text !== "...") steps.at(-1)!.expected.push(text);
  }
  return steps;
}
