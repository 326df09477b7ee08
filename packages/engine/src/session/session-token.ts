/**
 * The token of a session: which endpoints its requests go to, and since when. "1", then an entry for each backend among which
 * a rule splits its requests (GEP-1619: weights are decided first, then the session within the backend): 11 characters of the
 * endpoint's hash, 6 of the second in which the session began, all base64url. It is not authenticated: who forges one chooses
 * among endpoints that he could reach anyway (design/0004-wire-and-routes.md).
 */

export interface SessionEntry {
  /** Of the endpoint: hashLength characters. */
  readonly hash: string;
  /** Unix time. */
  readonly startedAtSeconds: number;
}

export const hashLength = 11;
const startLength = 6;
const entryLength = hashLength + startLength;
const version = "1";

/** As many as a rule has backends. */
export const maxEntries = 16;
/** What is longer is no token of ours. */
export const maxTokenLength: number = version.length + maxEntries * entryLength;

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function encodeToken(entries: readonly SessionEntry[]): string {
  let token = version;
  for (const { hash, startedAtSeconds } of entries.slice(0, maxEntries)) {
    token += hash + encodeNumber(startedAtSeconds);
  }
  return token;
}

const none: readonly SessionEntry[] = [];

/** Nothing where the text is no token in every character: half a token is none. */
export function decodeToken(text: string): readonly SessionEntry[] {
  const { length } = text;
  if (length < version.length + entryLength || length > maxTokenLength) return none;
  if ((length - version.length) % entryLength !== 0 || !text.startsWith(version)) return none;
  const entries: SessionEntry[] = [];
  for (let at = version.length; at < length; at += entryLength) {
    const start = at + hashLength;
    const startedAtSeconds = decodeNumber(text, start);
    if (startedAtSeconds < 0 || !isDigits(text, at, start)) return none;
    entries.push({ hash: text.slice(at, start), startedAtSeconds });
  }
  return entries;
}

/** Clocks of two waypoints may differ by so much; a session that begins later is a forger's. */
const skewSeconds = 60;

/** `absoluteTimeoutMs` as in SessionPolicy. */
export function isLive(entry: SessionEntry, absoluteTimeoutMs: number, wallMs: number): boolean {
  const startedAtMs = entry.startedAtSeconds * 1000;
  if (startedAtMs > wallMs + skewSeconds * 1000) return false;
  return absoluteTimeoutMs === 0 || wallMs < startedAtMs + absoluteTimeoutMs;
}

function encodeNumber(value: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < startLength; i++) {
    text = digits[rest % 64]! + text;
    rest = Math.floor(rest / 64);
  }
  return text;
}

/** -1: not a number. */
function decodeNumber(text: string, start: number): number {
  let value = 0;
  for (let at = start; at < start + startLength; at++) {
    const digit = digits.indexOf(text[at]!);
    if (digit < 0) return -1;
    value = value * 64 + digit;
  }
  return value;
}

function isDigits(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!digits.includes(text[at]!)) return false;
  return true;
}
