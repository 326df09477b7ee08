/**
 * What a response's head says (RFC 9112 4 and 6.3). An upstream that leaves a doubt is answered for with 502, its
 * connection is closed, and nothing of it reaches the client.
 */
import { hasNoBody } from "../has-no-body.ts";
import type { HeaderBlock } from "../header-block.ts";
import { noBody, type ResponseHead, unknownLength } from "../message.ts";
import { connectionOptionsOf } from "./connection-header.ts";
import { framingOf } from "./framing.ts";

/** How the body's end is found. */
export type ResponseFraming = "none" | "length" | "chunked" | "until-close";

export interface ParsedResponse {
  readonly framing: ResponseFraming;
  /** The connection can be used again after the body. */
  readonly reusable: boolean;
  /**
   * There is no body, and the endpoint may send one all the same: to HEAD, which is an old mistake of servers, or because it
   * announces one. Such bytes must not be read as the next answer.
   */
  readonly isDoubtful: boolean;
}

/** Fills `head` (block scanned already); gives back the problem as text where there is one. */
export function parseResponseHead(
  bytes: Buffer,
  start: number,
  lineEnd: number,
  head: ResponseHead,
  requestMethod: string,
): ParsedResponse | string {
  const lineProblem = parseStatusLine(bytes, start, lineEnd, head);
  if (lineProblem !== "") return lineProblem;
  const framing = framingOf(head.headers);
  if (framing.type === "bad" || framing.type === "unknown-coding") return framing.problem;
  const options = connectionOptionsOf(head.headers);
  if (options.bad) return "the Connection header names what it must not";
  head.connectionNames = options.names;
  const keeps = head.version === "HTTP/1.1" ? !options.close : options.keepAlive && !options.close;
  if (framing.type === "chunked" && head.version !== "HTTP/1.1") return "Transfer-Encoding in HTTP/1.0";
  if (hasNoBody(head.status, requestMethod)) {
    const announcesBody = framing.type === "chunked" || (framing.type === "length" && framing.bytes > 0);
    if (announcesBody && head.status < 200) return "a body in a 1xx answer";
    const declared = framing.type === "length" ? framing.bytes : unknownLength;
    // To announce a body is right for HEAD and 304 (RFC 9110 8.6), and wrong for 204.
    const reusable = keeps && !(announcesBody && head.status === 204);
    return bodiless(head, declared, reusable, announcesBody || requestMethod === "HEAD");
  }
  switch (framing.type) {
    case "length":
      head.bodyLength = framing.bytes;
      return { framing: framing.bytes === 0 ? "none" : "length", reusable: keeps, isDoubtful: false };
    case "chunked":
      head.bodyLength = unknownLength;
      return { framing: "chunked", reusable: keeps, isDoubtful: false };
    case "none":
      head.bodyLength = unknownLength;
      return { framing: "until-close", reusable: false, isDoubtful: false };
  }
}

/** The length that a HEAD or 304 declares describes what GET would bring; it is passed on, nothing is read. */
function bodiless(
  head: ResponseHead,
  declared: number,
  reusable: boolean,
  isDoubtful: boolean,
): ParsedResponse {
  head.bodyLength = head.status === 204 || head.status < 200 ? noBody : declared;
  return { framing: "none", reusable, isDoubtful };
}

function parseStatusLine(bytes: Buffer, start: number, lineEnd: number, head: ResponseHead): string {
  // "HTTP/1.1 200 OK": the space before an empty reason is required, and often forgotten (llhttp and Go accept it too).
  if (lineEnd - start < 12) return "the status line is too short";
  for (let i = 0; i < 7; i++) if (bytes[start + i] !== statusPrefix[i]) return "the version is not HTTP/1";
  const minor = bytes[start + 7];
  if (minor !== 0x31 && minor !== 0x30) return "the version is not HTTP/1.1";
  if (bytes[start + 8] !== 0x20) return "no space after the version";
  let status = 0;
  for (let i = start + 9; i < start + 12; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return "the status is not a number of three digits";
    status = status * 10 + digit;
  }
  if (status < 100 || status > 599) return `status ${status} is out of range`;
  if (lineEnd - start > 12 && bytes[start + 12] !== 0x20) return "no space after the status";
  head.version = minor === 0x31 ? "HTTP/1.1" : "HTTP/1.0";
  head.status = status;
  head.reason = status === 200 && isOk(bytes, start, lineEnd) ? "OK" : bytes.latin1Slice(start + 13, lineEnd);
  return "";
}

function isOk(bytes: Buffer, start: number, lineEnd: number): boolean {
  return lineEnd - start === 15 && bytes[start + 13] === 0x4f && bytes[start + 14] === 0x4b;
}

const statusPrefix = Buffer.from("HTTP/1.", "latin1");

/** Seconds that the upstream says it keeps an idle connection (`Keep-Alive: timeout=5`); undefined where it does not. */
export function keepAliveSeconds(headers: HeaderBlock): number | undefined {
  for (const value of headers.values("keep-alive")) {
    const match = /(?:^|[,;\s])timeout=(\d{1,6})(?:$|[,;\s])/i.exec(value);
    if (match !== null) return Number(match[1]);
  }
  return undefined;
}
