/**
 * A request whose headers are changed before it is judged and forwarded (by an authorizer, by a policy). The head that was received
 * belongs to its connection, and over HTTP/2 its block may be shared by streams: it stays as it is.
 */
import { type HeaderChange, settleChanges } from "@waystone/engine/headers/header-change";
import type { HeaderLine } from "@waystone/engine/headers/header-line";
import { RequestHead } from "./message.ts";

/** The same head with other header lines, or itself where they stay as they are: what was read from them before (lengths, connection options) holds on. */
export function changeHead(head: RequestHead, changes: readonly HeaderChange[]): RequestHead {
  return changes.every((change) => isIdle(head, change)) ? head : copyHead(head, changes);
}

function isIdle(head: RequestHead, change: HeaderChange): boolean {
  return change.kind === "remove" && head.headers.values(change.name).length === 0;
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
  const { removed, added } = settleChanges(changes, (name) => head.headers.values(name).length > 0);
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
