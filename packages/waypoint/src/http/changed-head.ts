/**
 * A request whose headers are changed before it is judged and forwarded (by an authorizer, by a policy). The head that was received
 * belongs to its connection, and over HTTP/2 its block may be shared by streams: it stays as it is.
 */
import type { HeaderLine } from "@waystone/engine/headers/header-line";
import { RequestHead } from "./message.ts";

/** A step of a change; they are taken in order. */
export type HeaderChange =
  /** In place of all lines of that name; `onlyIfThere`: else nothing. */
  | { readonly kind: "set"; readonly header: HeaderLine; readonly onlyIfThere: boolean }
  /** Beside the lines of that name; `onlyIfAbsent`: only where there are none. */
  | { readonly kind: "add"; readonly header: HeaderLine; readonly onlyIfAbsent: boolean }
  /** In lower case. */
  | { readonly kind: "remove"; readonly name: string };

interface Line {
  readonly lower: string;
  readonly name: string;
  readonly value: string;
}

/** The same head with other header lines: what was read from them before (lengths, connection options) holds on. */
export function changeHead(head: RequestHead, changes: readonly HeaderChange[]): RequestHead {
  return changes.length === 0 ? head : copyHead(head, changes);
}

/** Of a request whose client has been told to send its body. */
export function withoutExpectation(head: RequestHead): RequestHead {
  const copy = copyHead(head, [{ kind: "remove", name: "expect" }]);
  copy.expectsContinue = false;
  return copy;
}

function copyHead(head: RequestHead, changes: readonly HeaderChange[]): RequestHead {
  const { headers } = head;
  let lines: Line[] = [];
  for (let i = 0; i < headers.count; i++) {
    const name = headers.text.slice(headers.nameStart[i], headers.nameEnd[i]);
    lines.push({ lower: name.toLowerCase(), name, value: headers.valueAt(i) });
  }
  for (const change of changes) lines = applyChange(lines, change);
  const changed = new RequestHead();
  for (const { name, value } of lines) changed.headers.append(name, value);
  changed.method = head.method;
  changed.target = head.target;
  changed.authority = head.authority;
  changed.version = head.version;
  changed.bodyLength = head.bodyLength;
  changed.expectsContinue = head.expectsContinue;
  changed.acceptsTrailers = head.acceptsTrailers;
  changed.upgrade = head.upgrade;
  changed.connectionNames = head.connectionNames;
  return changed;
}

function applyChange(lines: Line[], change: HeaderChange): Line[] {
  if (change.kind === "remove") return lines.filter(({ lower }) => lower !== change.name);
  const { header } = change;
  const isThere = lines.some(({ lower }) => lower === header.lower);
  if (change.kind === "add") return change.onlyIfAbsent && isThere ? lines : [...lines, header];
  if (change.onlyIfThere && !isThere) return lines;
  return [...lines.filter(({ lower }) => lower !== header.lower), header];
}
