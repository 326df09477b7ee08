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

/** The same head with other header lines: what was read from them before (lengths, connection options) holds on. */
export function changeHead(head: RequestHead, changes: readonly HeaderChange[]): RequestHead {
  return changes.length === 0 ? head : copyHead(head, changes);
}

/** The same head for another host. */
export function withAuthority(head: RequestHead, authority: string): RequestHead {
  const copy = copyHead(head, []);
  copy.authority = authority;
  return copy;
}

/** Of a request whose client has been told to send its body. */
export function withoutExpectation(head: RequestHead): RequestHead {
  const copy = copyHead(head, [{ kind: "remove", name: "expect" }]);
  copy.expectsContinue = false;
  return copy;
}

function copyHead(head: RequestHead, changes: readonly HeaderChange[]): RequestHead {
  const { removed, added } = settleChanges(head, changes);
  const headers = head.headers.without(removed);
  for (const { name, value } of added) headers.append(name, value);
  const changed = new RequestHead(headers);
  changed.method = head.method;
  changed.target = head.target;
  changed.authority = head.authority;
  changed.version = head.version;
  changed.bodyLength = head.bodyLength;
  changed.expectsContinue = head.expectsContinue;
  changed.acceptsTrailers = head.acceptsTrailers;
  changed.upgrade = head.upgrade;
  changed.connectionNames = sparing(head.connectionNames, added);
  return changed;
}

/** A client that names a header in Connection has it taken out on the way (RFC 9110 7.6.1), and not what is said here about him. */
function sparing(
  names: ReadonlySet<string> | undefined,
  added: readonly HeaderLine[],
): ReadonlySet<string> | undefined {
  if (names === undefined || !added.some(({ lower }) => names.has(lower))) return names;
  return names.difference(new Set(added.map(({ lower }) => lower)));
}

interface SettledChanges {
  /** Of the lines that came; in lower case. */
  readonly removed: readonly string[];
  /** Behind those that are left. */
  readonly added: readonly HeaderLine[];
}

/** What the changes come to, taken in order. */
function settleChanges(head: RequestHead, changes: readonly HeaderChange[]): SettledChanges {
  const removed: string[] = [];
  let added: HeaderLine[] = [];
  const remove = (name: string): void => {
    if (!removed.includes(name)) removed.push(name);
    added = added.filter(({ lower }) => lower !== name);
  };
  const isThere = (name: string): boolean =>
    added.some(({ lower }) => lower === name) ||
    (!removed.includes(name) && head.headers.values(name).length > 0);
  for (const change of changes) {
    if (change.kind === "remove") {
      remove(change.name);
      continue;
    }
    const { header } = change;
    if (change.kind === "add") {
      if (change.onlyIfAbsent && isThere(header.lower)) continue;
    } else {
      if (change.onlyIfThere && !isThere(header.lower)) continue;
      remove(header.lower);
    }
    added.push(header);
  }
  return { removed, added };
}
