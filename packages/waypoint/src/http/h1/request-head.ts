/**
 * What a request's head says (RFC 9112 3, RFC 9110 7.2): method, target, version, authority, body length, expectations.
 * Every doubt is a refusal with the status to answer; after one, the connection closes and nothing goes upstream.
 */
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import { HeaderBlock } from "../header-block.ts";
import { Known, knownId } from "../known-headers.ts";
import { noBody, type RequestHead, unknownLength } from "../message.ts";
import { SP, targetByte, tokenLower } from "./byte-classes.ts";
import { connectionOptionsOf } from "./connection-header.ts";
import { framingOf } from "./framing.ts";

export interface HeadRefusal {
  readonly kind: ProxyErrorKind;
  readonly problem: string;
}

/** Beyond the head itself: what the request asks of its connection. */
export interface RequestConnection {
  readonly close: boolean;
}

const keepOpen: RequestConnection = { close: false };
const closeAfter: RequestConnection = { close: true };

/**
 * Fills `head` (whose header block is scanned already) from the start line bytes[start, lineEnd) and the block. Gives back
 * how the connection goes on, or the refusal.
 */
export function parseRequestHead(
  bytes: Buffer,
  start: number,
  lineEnd: number,
  head: RequestHead,
  targetLimit: number,
): RequestConnection | HeadRefusal {
  const lineRefusal = parseRequestLine(bytes, start, lineEnd, head, targetLimit);
  if (lineRefusal !== undefined) {
    head.authority = "";
    return lineRefusal;
  }
  const headers = head.headers;
  const hostRefusal = parseHost(head);
  if (hostRefusal !== undefined) return hostRefusal;
  const names = disguisedName(headers);
  if (names !== "") return bad(`header name ${names} could be read as its twin with hyphens`);
  const framing = framingOf(headers);
  switch (framing.type) {
    case "bad":
      return bad(framing.problem);
    case "unknown-coding":
      return { kind: "unsupported-coding", problem: framing.problem };
    case "none":
      head.bodyLength = noBody;
      break;
    case "length":
      head.bodyLength = framing.bytes;
      break;
    case "chunked":
      if (head.version !== "HTTP/1.1") return bad("Transfer-Encoding in HTTP/1.0");
      head.bodyLength = unknownLength;
  }
  return parseConnection(head);
}

function bad(problem: string): HeadRefusal {
  return { kind: "bad-request", problem };
}

/** The head is used again and again: nothing of the request before may show in the refusal of this one. */
function badLine(head: RequestHead, method: string, problem: string): HeadRefusal {
  head.method = method;
  head.target = "";
  return bad(problem);
}

function parseRequestLine(
  bytes: Buffer,
  start: number,
  lineEnd: number,
  head: RequestHead,
  targetLimit: number,
): HeadRefusal | undefined {
  let i = start;
  while (i < lineEnd && tokenLower[bytes[i]!] !== 0) i++;
  if (i === start || i === lineEnd || bytes[i] !== SP || i - start > 64)
    return badLine(head, "", "the method is not a token");
  head.method = methodOf(bytes, start, i);
  const targetStart = ++i;
  while (i < lineEnd && targetByte[bytes[i]!] === 1) i++;
  if (i === targetStart || i === lineEnd || bytes[i] !== SP)
    return badLine(head, head.method, "the request target has a character it cannot have");
  if (i - targetStart > targetLimit)
    return { kind: "target-too-long", problem: `a target of ${i - targetStart} bytes` };
  head.target = bytes.latin1Slice(targetStart, i);
  const version = versionOf(bytes, i + 1, lineEnd);
  if (version === undefined) return versionRefusal(bytes.latin1Slice(i + 1, lineEnd));
  head.version = version;
  return undefined;
}

function methodOf(bytes: Buffer, start: number, end: number): string {
  const first = bytes[start];
  if (first === 0x47 && end - start === 3 && bytes[start + 1] === 0x45 && bytes[start + 2] === 0x54)
    return "GET";
  return bytes.latin1Slice(start, end);
}

/** "HTTP/1.1" or "HTTP/1.0", exactly. */
function versionOf(bytes: Buffer, start: number, end: number): "HTTP/1.1" | "HTTP/1.0" | undefined {
  if (end - start !== 8) return undefined;
  for (let i = 0; i < 7; i++) if (bytes[start + i] !== versionPrefix[i]) return undefined;
  const minor = bytes[start + 7];
  return minor === 0x31 ? "HTTP/1.1" : minor === 0x30 ? "HTTP/1.0" : undefined;
}

const versionPrefix = Buffer.from("HTTP/1.", "latin1");

function versionRefusal(text: string): HeadRefusal {
  // A well-formed version that is not ours is 505 (RFC 9110 15.6.6); anything else is not a version.
  if (/^HTTP\/[2-9]\.[0-9]$/.test(text)) return { kind: "unsupported-version", problem: `version ${text}` };
  return bad("the version is not HTTP/1.1");
}

function parseHost(head: RequestHead): HeadRefusal | undefined {
  const headers = head.headers;
  head.authority = "";
  let hosts = 0;
  for (let i = 0; i < headers.count; i++) {
    if (headers.ids[i] !== Known.host) continue;
    if (++hosts > 1) return bad("more than one Host");
    head.authority = headers.valueAt(i);
    if (head.authority === "") return bad("an empty Host");
  }
  if (hosts === 0 && head.version !== "HTTP/1.0") return bad("no Host");
  return undefined;
}

/**
 * A name with an underscore whose twin with hyphens means something to us ("Content_Length"): CGI-like backends read both
 * as one, so it is neither forwarded nor normalised.
 */
export function disguisedName(headers: HeaderBlock): string {
  let underscore = -1;
  for (let i = 0; i < headers.count; i++) {
    if (headers.ids[i] !== 0) continue;
    // Looked for once for each that there is, not once for each line.
    const start = headers.nameStart[i]!;
    if (underscore < start) underscore = headers.text.indexOf("_", start);
    if (underscore < 0) return "";
    if (underscore >= headers.nameEnd[i]!) continue;
    const name = headers.nameAt(i);
    if (knownId(name.replaceAll("_", "-")) !== 0) return name;
  }
  return "";
}

function parseConnection(head: RequestHead): RequestConnection | HeadRefusal {
  const headers = head.headers;
  const options = connectionOptionsOf(headers);
  if (options.bad) return bad("the Connection header names what it must not");
  head.connectionNames = options.names;
  head.acceptsTrailers = false;
  head.expectsContinue = false;
  head.upgrade = "";
  for (let i = 0; i < headers.count; i++) {
    const id = headers.ids[i];
    if (id === Known.te)
      head.acceptsTrailers ||= /(?:^|,)[ \t]*trailers[ \t]*(?:,|$)/i.test(headers.valueAt(i));
    else if (id === Known.expect) {
      // RFC 9110 10.1.1: the only expectation there is; HTTP/1.0's is ignored.
      if (headers.valueAt(i).toLowerCase() !== "100-continue") {
        return { kind: "expectation-failed", problem: "an expectation other than 100-continue" };
      }
      head.expectsContinue = head.version === "HTTP/1.1" && head.bodyLength !== noBody;
    } else if (id === Known.upgrade && options.upgrade && headers.values("upgrade").length === 1) {
      head.upgrade = upgradeOf(head, headers.valueAt(i));
    }
  }
  return options.close || head.version === "HTTP/1.0" ? closeAfter : keepOpen;
}

/** WebSocket by GET without a body is the one upgrade that is passed on; h2c and all others are ignored (RFC 9110 7.8). */
function upgradeOf(head: RequestHead, value: string): string {
  const usable = head.version === "HTTP/1.1" && head.method === "GET" && head.bodyLength === noBody;
  return usable && value.toLowerCase() === "websocket" ? "websocket" : "";
}
