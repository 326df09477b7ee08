/**
 * JSON that means the same to every reader: no name twice in an object (RFC 8259 4: readers differ in which they take; RFC 7515 4, RFC 7519
 * 4 let them be refused), nesting and size bounded. What is read has own properties alone: `__proto__` is a name like any other.
 */

export type StrictJson = { readonly value: unknown } | { readonly refused: string };

export function parseStrictJson(text: string, deepest: number): StrictJson {
  const problem = scan(text, deepest);
  if (problem !== undefined) return { refused: problem };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { refused: "is not JSON" };
  }
}

/** Reads strings and brackets alone: what else is wrong, JSON.parse finds. */
function scan(text: string, deepest: number): string | undefined {
  /** The names of each object around; undefined: a list. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{" || char === "[") {
      if (open.length >= deepest) return `is nested more than ${deepest} deep`;
      open.push(char === "{" ? new Set() : undefined);
    } else if (char === "}" || char === "]") {
      open.pop();
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (end < 0) return "is not JSON";
      const names = open.at(-1);
      if (names !== undefined && isName(text, end + 1)) {
        const name = readString(text.slice(at, end + 1));
        if (name === undefined) return "is not JSON";
        if (names.has(name)) return `says ${JSON.stringify(name.slice(0, 64))} twice`;
        names.add(name);
      }
      at = end;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function isName(text: string, after: number): boolean {
  let at = after;
  while (text[at] === " " || text[at] === "\t" || text[at] === "\n" || text[at] === "\r") at++;
  return text[at] === ":";
}

function readString(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own property, whatever its name. */
export function ownValue(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
