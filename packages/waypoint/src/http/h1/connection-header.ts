/** The Connection header (RFC 9110 7.6.1): close, keep-alive, upgrade, and the names it makes hop-by-hop. */
import { isToken } from "@waystone/engine/headers/header-line";
import type { HeaderBlock } from "../header-block.ts";
import { Known } from "../known-headers.ts";
import { SP, TAB } from "./byte-classes.ts";

export class ConnectionOptions {
  close = false;
  keepAlive = false;
  upgrade = false;
  /** Lower-case, beyond those that are always hop-by-hop. */
  names: Set<string> | undefined = undefined;
  bad = false;
}

/**
 * Names that a sender may not declare hop-by-hop: dropping them would change what the message means or who is believed to
 * have sent it (the "abusing hop-by-hop headers" attacks).
 */
const protectedNames: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "content-type",
  "authorization",
  "cookie",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "forwarded",
  "x-real-ip",
  "x-request-id",
]);

const plainKeepAlive: Readonly<ConnectionOptions> = Object.assign(new ConnectionOptions(), {
  keepAlive: true,
});
const plainClose: Readonly<ConnectionOptions> = Object.assign(new ConnectionOptions(), { close: true });
const nothing: Readonly<ConnectionOptions> = new ConnectionOptions();

export function connectionOptionsOf(headers: HeaderBlock): Readonly<ConnectionOptions> {
  const index = headers.indexOfKnown(Known.connection);
  if (index < 0) return nothing;
  const value = headers.valueAt(index);
  const single = headers.values("connection").length === 1;
  if (single && (value === "keep-alive" || value === "Keep-Alive")) return plainKeepAlive;
  if (single && value === "close") return plainClose;
  return parseOptions(headers.values("connection"));
}

function parseOptions(values: readonly string[]): ConnectionOptions {
  const options = new ConnectionOptions();
  for (const part of values.join(",").split(",")) {
    const name = trimBlanks(part).toLowerCase();
    if (name === "") continue;
    if (!isToken(name) || protectedNames.has(name)) options.bad = true;
    else if (name === "close") options.close = true;
    else if (name === "keep-alive") options.keepAlive = true;
    else if (name === "upgrade") options.upgrade = true;
    else {
      options.names ??= new Set();
      options.names.add(name);
    }
  }
  return options;
}

/** trim() would take \xa0 off too; a regular expression would take quadratic time for many blanks in the middle. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text, start)) start++;
  while (end > start && isBlank(text, end - 1)) end--;
  return text.slice(start, end);
}

function isBlank(text: string, index: number): boolean {
  const char = text.charCodeAt(index);
  return char === SP || char === TAB;
}
