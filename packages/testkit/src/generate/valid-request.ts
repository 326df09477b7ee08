/**
 * Requests that RFC 9110 and 9112 allow, written in the many ways that they allow: odd targets, cases, blanks around values,
 * obs-text, repeated headers, every framing, bodies that look like requests. Each knows what it means.
 */
import type { Rng } from "@waystone/base/rng";
import type { HeaderLine } from "../read-head.ts";
import { chooseCase, chooseInt, chooseOne, chooseText, happens } from "./choose.ts";
import { type FramedBody, generateBody } from "./framed-body.ts";
import { type WireMessage, wireLine } from "./wire-message.ts";

export interface RequestMeaning {
  readonly method: string;
  /** As written; a proxy may normalise the path of it. */
  readonly target: string;
  /** End-to-end fields in their order, framing and Host left out. */
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

export interface ValidRequest {
  readonly wire: WireMessage;
  readonly meaning: RequestMeaning;
}

export const generatedHost = "shop.test";

/** `id` goes into the header x-case, by which a recorded request is found again. */
export function generateValidRequest(rng: Rng, id: string): ValidRequest {
  const method = chooseOne(rng, [
    "GET",
    "GET",
    "GET",
    "HEAD",
    "POST",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
  ]);
  const version = happens(rng, 0.1) ? "HTTP/1.0" : "HTTP/1.1";
  const host = generateHost(rng);
  const target = generateTarget(rng, host);
  const headers = [["X-Case", id] as const, ...generateHeaders(rng)];
  const hasBody = happens(rng, ["POST", "PUT", "PATCH"].includes(method) ? 0.9 : 0.1);
  const framed: FramedBody = hasBody
    ? generateBody(rng, version === "HTTP/1.1")
    : { lines: [], body: "", meaning: "" };
  const written = shuffle(rng, [
    `${chooseCase(rng, "host")}:${chooseBlank(rng)}${host}${chooseBlank(rng)}`,
    ...framed.lines,
    ...generateHopByHop(rng),
  ]);
  // The end-to-end fields keep their order; the others stand anywhere among them.
  const lines = headers.map(
    ([name, value]) => `${name}:${chooseBlank(rng)}${value}${value === "" ? "" : chooseBlank(rng)}`,
  );
  for (const line of written) lines.splice(chooseInt(rng, 0, lines.length), 0, line);
  const wire = {
    requestLine: wireLine(`${method} ${target} ${version}`),
    headers: lines.map((line) => wireLine(line)),
    headEnd: "\r\n",
    body: framed.body,
  };
  return { wire, meaning: { method, target, headers, body: framed.meaning } };
}

const unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
const segmentCharacters = `${unreserved}!$&'()*+,;=:@`;
const queryCharacters = `${segmentCharacters}/?`;

/** `host`: an absolute target that names another one than Host would be two requests in one. */
function generateTarget(rng: Rng, host: string): string {
  const segments = Array.from({ length: chooseInt(rng, 0, 5) }, () => generateSegment(rng));
  const path = `/${segments.join("/")}${happens(rng, 0.2) ? "/" : ""}`;
  const query = happens(rng, 0.4)
    ? `?${chooseText(rng, queryCharacters, 0, 20)}${happens(rng, 0.2) ? "%20%3d" : ""}`
    : "";
  return happens(rng, 0.05) ? `http://${host}${path}${query}` : path + query;
}

function generateSegment(rng: Rng): string {
  const odd = ["%20", "%61b", "%7e", "%2d", "%C3%A9", "%25", "%2e", "a%2fb", "..", ".", "", "%3B", "%22"];
  if (happens(rng, 0.15)) return chooseOne(rng, odd);
  // A segment of dots alone would be a dot segment: that is a choice of the list above, not of chance.
  return `x${chooseText(rng, segmentCharacters, 0, 10)}`;
}

function generateHost(rng: Rng): string {
  const host = happens(rng, 0.1) ? chooseCase(rng, generatedHost) : generatedHost;
  return happens(rng, 0.15) ? `${host}:${chooseOne(rng, ["80", "8080", "65535"])}` : host;
}

const commonHeaders = [
  "Accept",
  "User-Agent",
  "Cookie",
  "Authorization",
  "X-A",
  "x-b",
  "Content-Type",
  "Cache-Control",
  "X-Long",
];
const tokenCharacters = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^`|~";
const valueCharacters = `${segmentCharacters}/?"<>[]{}|\\^\`# \t\x80\x85\xa0\xff\xe9`;

function generateHeaders(rng: Rng): readonly HeaderLine[] {
  const headers = Array.from({ length: chooseInt(rng, 0, 6) }, () => {
    const name = happens(rng, 0.8)
      ? chooseCase(rng, chooseOne(rng, commonHeaders))
      : `x${chooseText(rng, tokenCharacters, 1, 8)}`;
    const length = happens(rng, 0.03) ? 2_000 : 24;
    // Blanks at the ends are no part of a value: what stays is what is meant.
    const value = chooseText(rng, valueCharacters, 0, length).replace(/^[ \t]+|[ \t]+$/g, "");
    return [name, value] as const;
  });
  // Two of these are nobody's honest message, and servers differ on whether to refuse them.
  const isFirst = (at: number): boolean => headers.findIndex(([name]) => isAuthorization(name)) === at;
  return headers.filter(([name], at) => !isAuthorization(name) || isFirst(at));
}

function isAuthorization(name: string): boolean {
  return name.toLowerCase() === "authorization";
}

function generateHopByHop(rng: Rng): readonly string[] {
  if (happens(rng, 0.75)) return [];
  return chooseOne(rng, [
    ["Connection: keep-alive"],
    ["connection: Keep-Alive", "Keep-Alive: timeout=5"],
    ["Connection: x-hop", "X-Hop: 1"],
    ["X-HOP: 1", "Connection: keep-alive, X-Hop ,, x-other", "x-hop: 2"],
    ["Proxy-Connection: keep-alive"],
    ["TE: trailers"],
    ["Connection: TE", "TE: trailers"],
    ["Proxy-Authorization: Basic eDp5"],
  ]);
}

/** Optional white space, mostly the one blank that everybody writes. */
function chooseBlank(rng: Rng): string {
  return happens(rng, 0.8) ? " " : chooseOne(rng, ["", "  ", "\t", " \t "]);
}

function shuffle<T>(rng: Rng, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, at: rng.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
