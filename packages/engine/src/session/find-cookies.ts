/**
 * The values that the cookies of one name have in a request. A request may have several Cookie fields (HTTP/2 splits them,
 * RFC 9113 8.2.3) and one name several times (other paths); servers must not rely on their order (RFC 6265 4.2.2). Reads every
 * character once and keeps nothing of cookies that nobody asks for.
 */

const space = 0x20;
const tab = 0x09;
const quote = 0x22;

/** At most `limit` values, none longer than `maxLength`: others are passed over. */
export function findCookies(
  fields: readonly string[],
  name: string,
  limit: number,
  maxLength: number,
): readonly string[] {
  const found: string[] = [];
  for (const field of fields) {
    for (let start = 0; start < field.length && found.length < limit; ) {
      const end = endOfPair(field, start);
      const value = valueOf(field, skipBlanks(field, start), end, name, maxLength);
      if (value !== undefined) found.push(value);
      start = end + 1;
    }
  }
  return found;
}

function endOfPair(field: string, start: number): number {
  const end = field.indexOf(";", start);
  return end < 0 ? field.length : end;
}

function skipBlanks(field: string, start: number): number {
  let at = start;
  while (isBlank(field.charCodeAt(at))) at++;
  return at;
}

/** Of the pair at [start, end), where it has that name and a value that is not too long. */
function valueOf(
  field: string,
  start: number,
  end: number,
  name: string,
  maxLength: number,
): string | undefined {
  const equals = start + name.length;
  if (equals >= end || field[equals] !== "=" || !field.startsWith(name, start)) return undefined;
  let from = equals + 1;
  let to = end;
  while (to > from && isBlank(field.charCodeAt(to - 1))) to--;
  // RFC 6265 4.1.1: a value may stand in quotes.
  if (to - from >= 2 && field.charCodeAt(from) === quote && field.charCodeAt(to - 1) === quote) {
    from++;
    to--;
  }
  return to - from > maxLength || to === from ? undefined : field.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}
