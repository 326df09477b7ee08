/**
 * Query parameters (Gateway API HTTPQueryParamMatch, reference T09): the first parameter of exactly that name counts, and
 * names are case-sensitive. Parameters are separated by "&" alone. Names and values are compared after percent-decoding,
 * as Envoy does; "+" stays "+", because RFC 3986 knows no other meaning, and ";" is data. What is forwarded is not touched.
 */
import { escapedByte } from "../path/normalize-path.ts";
import type { ValueMatch } from "./route.ts";

/** `query` is what follows the "?", as received. Nothing is allocated but the value. */
export function matchesQueryParam(match: ValueMatch, query: string): boolean {
  const value = firstQueryValue(query, match.name);
  return value !== undefined && match.pattern.test(value);
}

/** Undefined where no parameter has that name; "" where it has no value. */
export function firstQueryValue(query: string, name: string): string | undefined {
  for (let start = 0; start < query.length; ) {
    const ampersand = query.indexOf("&", start);
    const end = ampersand < 0 ? query.length : ampersand;
    const equals = query.indexOf("=", start);
    const nameEnd = equals < 0 || equals > end ? end : equals;
    if (isName(query, start, nameEnd, name))
      return decodePercent(query.slice(Math.min(nameEnd + 1, end), end));
    start = end + 1;
  }
  return undefined;
}

function isName(query: string, start: number, end: number, name: string): boolean {
  if (end - start === name.length && query.startsWith(name, start)) return true;
  // Only an escaped name may be longer than what it means.
  return end - start > name.length && decodePercent(query.slice(start, end)) === name;
}

/** Byte text; a "%" without two hexadecimal digits stays as it is. */
function decodePercent(text: string): string {
  let at = text.indexOf("%");
  if (at < 0) return text;
  let result = "";
  let copied = 0;
  for (; at >= 0; at = text.indexOf("%", at + 1)) {
    const byte = escapedByte(text, at);
    if (byte < 0) continue;
    result += text.slice(copied, at) + String.fromCharCode(byte);
    at += 2;
    copied = at + 1;
  }
  return result + text.slice(copied);
}
