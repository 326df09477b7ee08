/**
 * One line of a .htpasswd file: who, and the hash of the password. bcrypt and {SHA} alone: MD5 ($apr1$) and crypt are guessed at
 * billions a second, and a password in plain text is nobody's to keep. What is said of a line names the user and never the rest.
 */

export interface PasswordHash {
  readonly scheme: "bcrypt" | "sha1";
  /** As it stands in the file. */
  readonly text: string;
}

/** In characters. */
export const longestUser = 255;

/** 2^14 rounds take a second of a thread: more would be a way to keep everybody waiting. */
const highestCost = 14;
const lowestCost = 4;
const bcrypt = /^\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}$/;
const sha1 = /^\{SHA\}[A-Za-z0-9+/]{27}=$/;

/** The hash, or what is wrong with it. */
export function parsePasswordHash(text: string): PasswordHash | string {
  const [, cost] = bcrypt.exec(text) ?? [];
  if (cost !== undefined) {
    if (Number(cost) >= lowestCost && Number(cost) <= highestCost) return { scheme: "bcrypt", text };
    return `a bcrypt cost of ${Number(cost)} is out of bounds: from ${lowestCost} to ${highestCost}`;
  }
  if (sha1.test(text)) return { scheme: "sha1", text };
  return `${describeScheme(text)}; make the line with htpasswd -B (bcrypt)`;
}

function describeScheme(text: string): string {
  if (/^\$(apr)?1\$/.test(text)) return "MD5 is not taken";
  if (/^\$2[aby]\$/.test(text)) return "the bcrypt hash is malformed";
  if (text.startsWith("{SHA}")) return "the SHA-1 hash is malformed";
  if (/^\$[0-9a-z]+\$/.test(text)) return "a hash of this kind is not taken";
  return "a password in plain text, or a hash of crypt, is not taken";
}

/** "": the name may be one. */
export function findUserProblem(user: string): string {
  if (user === "") return "has no name before the colon";
  if (user.length > longestUser || hasControl(user)) return "has a name that nobody can send";
  return "";
}

/** The rounds of a bcrypt hash, as their exponent. */
export function costOf({ text }: PasswordHash): number {
  return Number(bcrypt.exec(text)?.[1] ?? lowestCost);
}

/** RFC 7617 2: neither has control characters. */
export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
