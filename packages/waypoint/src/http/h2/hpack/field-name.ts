/**
 * What a field name means to the codec, worked out once per name: whether any message may have it (RFC 9113 8.2), which
 * pseudo-header it is (8.3), and its number in known-headers.ts.
 */
import { tokenLower } from "../../h1/byte-classes.ts";
import { knownId } from "../../known-headers.ts";
import type { Field } from "./field.ts";

export const FieldKind = {
  regular: 0,
  method: 1,
  scheme: 2,
  authority: 3,
  path: 4,
  status: 5,
  protocol: 6,
  /** Sent in crumbs that belong together (RFC 9113 8.2.3). */
  cookie: 7,
  /** May say "trailers" alone (RFC 9113 8.2.2). */
  te: 8,
} as const;

export type FieldKind = (typeof FieldKind)[keyof typeof FieldKind];

const kinds: ReadonlyMap<string, FieldKind> = new Map([
  [":method", FieldKind.method],
  [":scheme", FieldKind.scheme],
  [":authority", FieldKind.authority],
  [":path", FieldKind.path],
  [":status", FieldKind.status],
  [":protocol", FieldKind.protocol],
  ["cookie", FieldKind.cookie],
  ["te", FieldKind.te],
]);

/** Fields of the connection, which HTTP/2 has other ways to say (RFC 9113 8.2.2). */
const connectionNames: ReadonlySet<string> = new Set([
  "connection",
  "proxy-connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

export class FieldName {
  readonly text: string;
  /** known-headers.ts */
  readonly id: number;
  readonly kind: FieldKind;
  /** Why no message may have it; "" for nothing. */
  readonly problem: string;
  /** The latest valid field of this name: many names have one value for ever, and peers that do not index send it again. */
  latest: Field | undefined = undefined;

  constructor(text: string) {
    this.text = text;
    this.id = knownId(text);
    this.kind = kinds.get(text) ?? FieldKind.regular;
    this.problem = nameProblem(text, this.kind);
  }
}

function nameProblem(text: string, kind: FieldKind): string {
  if (text === "") return "an empty field name";
  if (kind !== FieldKind.regular) return "";
  if (text.charCodeAt(0) === 0x3a) return "an unknown pseudo-header";
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    // Token characters (0 stands for none) that lower-casing does not change.
    if (char === 0 || tokenLower[char] !== char) return "a field name with a character it cannot have";
  }
  return connectionNames.has(text) ? `the connection-specific field ${text}` : "";
}

/** Names seen by this thread: the usual ones are few. Once full it takes no more, so junk cannot push them out. */
const seen = new Map<string, FieldName>();
const seenLimit = 1024;

export function fieldNameOf(text: string): FieldName {
  const known = seen.get(text);
  if (known !== undefined) return known;
  const name = new FieldName(text);
  if (seen.size < seenLimit && text.length <= 64) seen.set(text, name);
  return name;
}
