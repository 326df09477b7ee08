/**
 * A request's head from its fields (RFC 9113 8.3.1, RFC 9110 7.2): what the pseudo-headers must be, what the length says,
 * and everything that HTTP/1.1 is refused for too. Requests that are malformed get no answer but a reset; others that
 * cannot be served get one of ours.
 */
import { isToken } from "@waystone/engine/headers/header-line";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import { targetByte } from "../h1/byte-classes.ts";
import { framingOf } from "../h1/framing.ts";
import { disguisedName } from "../h1/request-head.ts";
import { Known } from "../known-headers.ts";
import { noBody, type RequestHead, unknownLength } from "../message.ts";
import { tunnelProtocol } from "./extended-connect.ts";
import type { FieldSection } from "./field-section.ts";
import { FieldKind } from "./hpack/field-name.ts";

export interface RequestRefusal {
  /** Undefined: malformed (RFC 9113 8.1.1), so PROTOCOL_ERROR. */
  readonly kind: ProxyErrorKind | undefined;
  readonly problem: string;
}

/** As HTTP/1.1. */
const methodLimit = 64;

/** Fills `head`, whose header block the section was read into already. Gives back the refusal, if there is one. */
export function parseRequestFields(
  section: FieldSection,
  endStream: boolean,
  head: RequestHead,
  targetLimit: number,
): RequestRefusal | undefined {
  head.version = "HTTP/2";
  head.method = section.method;
  head.target = section.path;
  head.authority = section.authority;
  head.acceptsTrailers = section.acceptsTrailers;
  head.connectionNames = undefined;
  head.upgrade = "";
  if (section.problem !== "") return malformed(section.problem);
  if (section.isTooLarge) return { kind: "headers-too-large", problem: "over the limit" };
  return (
    parsePseudo(section, head, targetLimit) ??
    parseAuthorityFields(section, head) ??
    parseLength(head, endStream) ??
    parseRest(head)
  );
}

function malformed(problem: string): RequestRefusal {
  return { kind: undefined, problem };
}

function parsePseudo(
  section: FieldSection,
  head: RequestHead,
  targetLimit: number,
): RequestRefusal | undefined {
  const { method, scheme, path } = section;
  if (section.has(FieldKind.status)) return malformed(":status in a request");
  if (method.length > methodLimit || !isToken(method)) return malformed(":method is not a token");
  if (section.has(FieldKind.protocol)) {
    if (method !== "CONNECT") return malformed(":protocol without CONNECT");
  } else if (method === "CONNECT") {
    if (section.has(FieldKind.scheme) || section.has(FieldKind.path)) return malformed("CONNECT with a path");
    head.target = section.authority;
    return undefined;
  }
  if (scheme !== "http" && scheme !== "https") return malformed(":scheme is neither http nor https");
  if (path.length > targetLimit)
    return { kind: "target-too-long", problem: `a target of ${path.length} bytes` };
  if (!isPath(path, method)) return malformed(":path is not a path");
  return section.has(FieldKind.protocol) ? parseProtocol(section, head) : undefined;
}

/** Extended CONNECT (RFC 8441 4): from here on it is the GET that it would be in HTTP/1.1. */
function parseProtocol(section: FieldSection, head: RequestHead): RequestRefusal | undefined {
  if (section.protocol !== tunnelProtocol) {
    return { kind: "method-not-allowed", problem: "CONNECT with another :protocol than websocket" };
  }
  head.method = "GET";
  head.upgrade = tunnelProtocol;
  return undefined;
}

function isPath(path: string, method: string): boolean {
  if (path.charCodeAt(0) !== 0x2f) return path === "*" && method === "OPTIONS";
  for (let i = 0; i < path.length; i++) {
    const char = path.charCodeAt(i);
    if (targetByte[char] === 0 || char === 0x23) return false;
  }
  return true;
}

/** Host may repeat :authority, or stand for it, and nothing else (RFC 9113 8.3.1). */
function parseAuthorityFields(section: FieldSection, head: RequestHead): RequestRefusal | undefined {
  const hosts = head.headers.indexOfKnown(Known.host) < 0 ? none : head.headers.values("host");
  if (hosts.length > 1) return malformed("more than one host");
  const host = hosts[0];
  if (section.has(FieldKind.authority)) {
    if (section.authority === "") return malformed("an empty :authority");
    if (host !== undefined && host.toLowerCase() !== section.authority.toLowerCase()) {
      return malformed(":authority and host differ");
    }
  } else if (host === undefined || host === "") {
    return head.method === "CONNECT"
      ? malformed("CONNECT without :authority")
      : { kind: "bad-request", problem: "neither :authority nor host" };
  } else {
    head.authority = host;
  }
  // The rest of its form is judged with the host itself; user information would be read differently by others.
  return head.authority.includes("@") ? malformed("user information in :authority") : undefined;
}

const none: readonly string[] = [];

/** RFC 9113 8.1.1: the length declared must be that of the DATA. */
function parseLength(head: RequestHead, endStream: boolean): RequestRefusal | undefined {
  if (head.upgrade !== "") {
    head.bodyLength = noBody;
    if (endStream) return malformed("a tunnel that has ended before it began");
    return head.headers.indexOfKnown(Known["content-length"]) < 0
      ? undefined
      : malformed("a tunnel's length");
  }
  head.bodyLength = endStream ? noBody : unknownLength;
  if (head.headers.indexOfKnown(Known["content-length"]) < 0) return undefined;
  const framing = framingOf(head.headers);
  if (framing.type !== "length") return malformed("content-length is not one length");
  if (endStream && framing.bytes > 0) return malformed("less than its length");
  if (!endStream) head.bodyLength = framing.bytes === 0 ? unknownLength : framing.bytes;
  return undefined;
}

function parseRest(head: RequestHead): RequestRefusal | undefined {
  const disguised = disguisedName(head.headers);
  if (disguised !== "") {
    return { kind: "bad-request", problem: `field name ${disguised} could be read as its twin with hyphens` };
  }
  head.expectsContinue = false;
  if (head.headers.indexOfKnown(Known.expect) < 0) return undefined;
  for (const value of head.headers.values("expect")) {
    if (value.toLowerCase() !== "100-continue") {
      return { kind: "expectation-failed", problem: "an expectation other than 100-continue" };
    }
  }
  head.expectsContinue = head.bodyLength !== noBody;
  return undefined;
}
