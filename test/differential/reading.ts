/** What a request says, stripped of what every hop may change: the form in which two readings are compared. */
import { createHash } from "node:crypto";
import type { HeaderLine } from "@waystone/testkit/read-head";

export interface Reading {
  readonly method: string;
  /** Origin-form, dot segments and needless escapes removed: the same resource, however it is written. */
  readonly target: string;
  readonly host: string;
  readonly headers: readonly string[];
  readonly bodyBytes: number;
  readonly bodyHash: string;
}

/** Names (lower case) that a hop adds, removes or rewrites by right. */
const hopFields = new Set(
  (
    "connection proxy-connection keep-alive te trailer transfer-encoding upgrade proxy-authorization proxy-authenticate " +
    "content-length host x-forwarded-for x-forwarded-proto x-forwarded-host forwarded via x-real-ip x-request-id " +
    "http2-settings"
  ).split(" "),
);

export function buildReading(
  method: string,
  target: string,
  headers: readonly HeaderLine[],
  body: Buffer,
): Reading {
  const named = namedByConnection(headers);
  const kept = headers.filter(
    ([name]) => !hopFields.has(name.toLowerCase()) && !named.has(name.toLowerCase()),
  );
  const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
  return {
    method,
    target: normaliseTarget(target),
    host: host.toLowerCase(),
    // Sorted by name, stable: the order among equal names means something, that among others does not.
    headers: kept.map(([name, value]) => `${name.toLowerCase()}: ${value}`).sort(byName),
    bodyBytes: body.length,
    bodyHash: createHash("sha256").update(body).digest("hex").slice(0, 16),
  };
}

/** The fields in which they differ, with both values; empty when they agree. */
export function compareReadings(meant: Reading, seen: Reading): readonly string[] {
  const fields = ["method", "target", "host", "headers", "bodyBytes", "bodyHash"] as const;
  return fields.flatMap((field) => {
    const [left, right] = [JSON.stringify(meant[field]), JSON.stringify(seen[field])];
    return left === right ? [] : [`${field}: ${left} became ${right}`];
  });
}

/** RFC 3986 6.2.2, as a plain second opinion on what the product does: percent-encoding, then dot segments. */
export function normaliseTarget(target: string): string {
  const origin = target.replace(/^http:\/\/[^/?]*/i, "");
  const [path = "", ...query] = origin.split("?");
  const decoded = path.replace(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase();
  });
  const segments: string[] = [];
  const parts = decoded.split("/").slice(1);
  parts.forEach((part, at) => {
    const isLast = at === parts.length - 1;
    if (part === "..") segments.pop();
    if (part === "." || part === "..") {
      if (isLast) segments.push("");
    } else segments.push(part);
  });
  return `/${segments.join("/")}${query.length === 0 ? "" : `?${query.join("?")}`}`;
}

function namedByConnection(headers: readonly HeaderLine[]): ReadonlySet<string> {
  const values = headers.filter(([name]) => name.toLowerCase() === "connection").map(([, value]) => value);
  const names = values
    .join(",")
    .split(",")
    .map((name) => name.trim().toLowerCase());
  // Our own mark is never named; if it were, every reading would lose it alike.
  return new Set(names);
}

function byName(left: string, right: string): number {
  const [a, b] = [left.slice(0, left.indexOf(":")), right.slice(0, right.indexOf(":"))];
  return a < b ? -1 : a > b ? 1 : 0;
}
