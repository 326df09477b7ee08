/**
 * The one normalisation of paths (design.md section 5): what comes out is matched, judged and forwarded, all the same
 * string. Unreserved characters are decoded, escapes are written in upper case, dot segments are removed (RFC 3986 6.2.2
 * and 5.2.4, "%2e" too), slashes stay as they are. What servers are known to read differently is refused.
 */

export interface RefusedPath {
  readonly refused: string;
}

const refusals = {
  notAbsolute: { refused: "the path does not start with a slash" },
  character: { refused: "the path has a character that must be percent-encoded" },
  backslash: { refused: "the path has a backslash, which some servers read as a slash" },
  fragment: { refused: "the path has a fragment, which is never sent" },
  escape: { refused: "the path has a % without two hexadecimal digits" },
  nul: { refused: "the path has an encoded NUL" },
  overlong: {
    refused: "the path has an overlong UTF-8 sequence, which some servers read as another character",
  },
  dotParameter: {
    refused: "the path has a dot segment with a parameter, which some servers read as a dot segment",
  },
} as const satisfies Record<string, RefusedPath>;

const plain = 0;
const dot = 1;
const percent = 2;
const refusedRaw = 3;

/** The same string where nothing is to be done, which is the usual case and costs one scan. `path` has no query. */
export function normalizePath(path: string): string | RefusedPath {
  if (path.charCodeAt(0) !== 0x2f) return refusals.notAbsolute;
  let needsWork = false;
  for (let i = 1; i < path.length; i++) {
    const char = path.charCodeAt(i);
    const kind = char < 128 ? kinds[char]! : refusedRaw;
    if (kind === plain) continue;
    if (kind === refusedRaw) return refusalOf(char);
    if (kind === percent || path.charCodeAt(i - 1) === 0x2f) needsWork = true;
  }
  return needsWork ? normalizeSlowly(path) : path;
}

function normalizeSlowly(path: string): string | RefusedPath {
  const decoded = path.includes("%") ? decodeUnreserved(path) : path;
  if (typeof decoded !== "string") return decoded;
  return decoded.includes("/.") ? removeDotSegments(decoded) : decoded;
}

function decodeUnreserved(path: string): string | RefusedPath {
  let result = "";
  let copied = 0;
  for (let at = path.indexOf("%"); at >= 0; at = path.indexOf("%", at + 3)) {
    const byte = escapedByte(path, at);
    if (byte < 0) return refusals.escape;
    if (byte === 0) return refusals.nul;
    if (byte >= 0xc0 && isOverlong(byte, path, at + 3)) return refusals.overlong;
    const text = isUnreserved(byte) ? String.fromCharCode(byte) : path.slice(at, at + 3).toUpperCase();
    result += path.slice(copied, at) + text;
    copied = at + 3;
  }
  return result + path.slice(copied);
}

/** -1 where "%" is not followed by two hexadecimal digits. */
export function escapedByte(text: string, at: number): number {
  const high = hexValue(text.charCodeAt(at + 1));
  const low = hexValue(text.charCodeAt(at + 2));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexValue(char: number): number {
  if (char >= 0x30 && char <= 0x39) return char - 0x30;
  const lower = char | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** RFC 3629 3: forms such as C0 AF for "/", which a correct decoder rejects and a careless one reads as ASCII. */
function isOverlong(lead: number, path: string, next: number): boolean {
  const second = path.charCodeAt(next) === 0x25 ? escapedByte(path, next) : -1;
  if (second < 0x80 || second > 0xbf) return false;
  return lead <= 0xc1 || (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
}

/** RFC 3986 5.2.4. Empty segments are segments like others: "/a//.." is "/a/". */
function removeDotSegments(path: string): string | RefusedPath {
  const kept: string[] = [];
  const segments = path.split("/");
  for (let i = 1; i < segments.length; i++) {
    const segment = segments[i]!;
    const isLast = i === segments.length - 1;
    if (segment === "." || segment === "..") {
      if (segment === "..") kept.pop();
      if (isLast) kept.push("");
    } else if (segment.startsWith(".;") || segment.startsWith("..;")) {
      return refusals.dotParameter;
    } else {
      kept.push(segment);
    }
  }
  return `/${kept.join("/")}`;
}

function refusalOf(char: number): RefusedPath {
  if (char === 0x5c) return refusals.backslash;
  return char === 0x23 ? refusals.fragment : refusals.character;
}

function isUnreserved(byte: number): boolean {
  return byte < 128 && /[A-Za-z0-9._~-]/.test(String.fromCharCode(byte));
}

/** "[" and "]" are sent raw by browsers and pass; everything else that RFC 3986 keeps out of a path is refused. */
const kinds: Uint8Array = (() => {
  const table = new Uint8Array(128).fill(plain);
  table.fill(refusedRaw, 0, 0x21);
  for (const char of '\x7f"<>{}|^`\\#?') table[char.charCodeAt(0)] = refusedRaw;
  table[0x2e] = dot;
  table[0x25] = percent;
  return table;
})();
