/** An answer's head from its fields (RFC 9113 8.3.2, RFC 9110 15). */
import { framingOf } from "../h1/framing.ts";
import { reasonPhrase } from "../reason-phrase.ts";
import { hasNoBody } from "../has-no-body.ts";
import { Known } from "../known-headers.ts";
import { noBody, type ResponseHead, unknownLength } from "../message.ts";
import type { FieldSection } from "./field-section.ts";
import { FieldKind } from "./hpack/field-name.ts";

/** Fills `head`, whose header block the section was read into already. Gives back the problem, "" for none. */
export function parseResponseFields(
  section: FieldSection,
  endStream: boolean,
  head: ResponseHead,
  requestMethod: string,
): string {
  if (section.problem !== "") return section.problem;
  if (section.isTooLarge) return "the header is too large";
  const status = statusOf(section.status);
  if (status < 0 || pseudoBut(section)) return "an answer's pseudo-header is :status alone";
  // RFC 9113 8.6: there is nothing to switch to.
  if (status === 101) return "101 in HTTP/2";
  if (status < 200 && endStream) return "an answer that ends with a 1xx";
  head.version = "HTTP/2";
  head.status = status;
  head.reason = reasonPhrase(status);
  head.connectionNames = undefined;
  return parseLength(head, endStream, requestMethod);
}

function statusOf(text: string): number {
  if (!/^[1-5][0-9][0-9]$/.test(text)) return -1;
  return Number(text);
}

function pseudoBut(section: FieldSection): boolean {
  return (
    section.has(FieldKind.method) ||
    section.has(FieldKind.scheme) ||
    section.has(FieldKind.authority) ||
    section.has(FieldKind.path) ||
    section.has(FieldKind.protocol)
  );
}

/** What it declares must be what comes, but for answers that have no body whatever they declare. */
function parseLength(head: ResponseHead, endStream: boolean, requestMethod: string): string {
  let declared: number = unknownLength;
  if (head.headers.indexOfKnown(Known["content-length"]) >= 0) {
    const framing = framingOf(head.headers);
    if (framing.type !== "length") return "content-length is not one length";
    declared = framing.bytes;
  }
  if (hasNoBody(head.status, requestMethod)) {
    head.bodyLength = head.status < 200 || head.status === 204 ? noBody : declared;
    return "";
  }
  if (endStream && declared > 0) return "less than its length";
  head.bodyLength = endStream ? noBody : declared;
  return "";
}
