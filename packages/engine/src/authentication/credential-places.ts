/**
 * Where a request shows something (a token, an API key), and what is found there. A header that is repeated is never half believed: what
 * one reader takes from the first line, another takes from the last.
 */
import { findCookies } from "../session/find-cookies.ts";

export interface CredentialPlace {
  readonly type: "header" | "query" | "cookie";
  /** Lower-case where it is a header's. */
  readonly name: string;
  /** Of headers; case does not count. */
  readonly prefix: string;
}

export interface CredentialRequest {
  /** Every value of a header as the client sent it, by lower-case name. */
  sentValues(name: string): readonly string[];
  readonly query: string;
}

export interface Credential {
  readonly text: string;
  readonly place: CredentialPlace;
}

export const longestCredential = 16_384;

export const bearerPlace: CredentialPlace = { type: "header", name: "authorization", prefix: "Bearer " };

export const basicPlace: CredentialPlace = { type: "header", name: "authorization", prefix: "Basic " };
export const apiKeyPlace: CredentialPlace = { type: "header", name: "x-api-key", prefix: "" };

/** Places compare by what they say. */
export function placeKey({ type, name, prefix }: CredentialPlace): string {
  return `${type} ${name} ${prefix.toLowerCase()}`;
}

/** What is there, or why it is refused unread. The usual request has one, in one header. */
export function findCredentials(
  places: readonly CredentialPlace[],
  request: CredentialRequest,
): readonly Credential[] | { readonly refused: string } {
  let found: Credential[] | undefined;
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    const texts = textsAt(place, request);
    if (texts.length === 0) continue;
    if (texts.length > 1) return { refused: `several values in ${describePlace(place)}` };
    if (texts[0]!.length > longestCredential) return { refused: `${describePlace(place)} is too long` };
    found ??= [];
    found.push({ text: texts[0]!, place });
  }
  return found ?? nothing;
}

export function describePlace({ type, name }: CredentialPlace): string {
  return type === "header"
    ? `header ${name}`
    : type === "query"
      ? `query parameter ${name}`
      : `cookie ${name}`;
}

const nothing: readonly Credential[] = [];
const none: readonly string[] = [];

function textsAt(place: CredentialPlace, request: CredentialRequest): readonly string[] {
  if (place.type === "query") return request.query === "" ? none : queryValues(request.query, place.name);
  if (place.type === "cookie") {
    const lines = request.sentValues("cookie");
    return lines.length === 0 ? none : findCookies(lines, place.name, 2, Number.MAX_SAFE_INTEGER);
  }
  const lines = request.sentValues(place.name);
  if (place.prefix === "") return lines;
  if (!lines.some((line) => hasPrefix(line, place.prefix))) return none;
  // Beside another line, whatever that says, nobody can tell which of them the endpoint goes by.
  return lines.length > 1 ? lines : [lines[0]!.slice(place.prefix.length)];
}

function hasPrefix(line: string, prefix: string): boolean {
  // Nearly everybody writes it as it stands in the RFC.
  if (line.startsWith(prefix)) return true;
  return line.length >= prefix.length && line.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
}

function queryValues(query: string, name: string): readonly string[] {
  const found: string[] = [];
  for (const pair of query.split("&")) {
    const [key, value] = splitPair(pair);
    if (key === name) found.push(value);
  }
  return found;
}

/** Decoded, so that %74oken does not go past us to an endpoint that reads it as token. */
function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf("=");
  const key = equals < 0 ? pair : pair.slice(0, equals);
  return [decode(key), equals < 0 ? "" : decode(pair.slice(equals + 1))];
}

function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The query without the parameter. */
export function withoutParameter(query: string, name: string): string {
  return query
    .split("&")
    .filter((pair) => splitPair(pair)[0] !== name)
    .join("&");
}

/** A request's target for logs: what stands in such parameters is nobody's to read. */
export function hideParameters(target: string, names: readonly string[]): string {
  const at = target.indexOf("?");
  if (names.length === 0 || at < 0) return target;
  const pairs = target.slice(at + 1).split("&");
  const shown = pairs.map((pair) =>
    names.includes(splitPair(pair)[0]) ? `${pair.split("=", 1)[0]}=...` : pair,
  );
  return `${target.slice(0, at + 1)}${shown.join("&")}`;
}

/** The lines of Cookie as one, without the cookie; "": none is left. */
export function withoutCookie(lines: readonly string[], name: string): string {
  return lines
    .flatMap((line) => line.split(";"))
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "" && pair.split("=", 1)[0]!.trim() !== name)
    .join("; ");
}
