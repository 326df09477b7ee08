/**
 * Writes heads as HTTP/1.1 text. Lines that pass unchanged are copied as runs of the text they came in, so a head with
 * nothing to change is a slice or two. Framing lines are always ours (RFC 9112 6: re-framed, never relayed).
 */
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import { plainDropped } from "../dropped-headers.ts";
import type { HeaderBlock } from "../header-block.ts";
import { isRemovedAfter } from "../header-edits.ts";
import { Known, knownCount } from "../known-headers.ts";
import { type ResponseHead, unknownLength } from "../message.ts";
import type { OutgoingHeaders, OutgoingRequest, OutgoingResponse } from "../outgoing.ts";

/**
 * Nothing in a trailer section may be framing, routing, or something that is judged before the body (RFC 9110 6.5.1): of
 * the names that mean something to us none passes, because an endpoint may merge trailers into the headers. gRPC's status is where it belongs.
 */
const droppedTrailers: Uint8Array = new Uint8Array(knownCount).fill(1, 1);
droppedTrailers[Known["grpc-status"]] = 0;

export function serializeRequestHead(request: OutgoingRequest): string {
  let text = `${request.method} ${request.target} HTTP/1.1\r\nHost: ${request.authority}\r\n`;
  text += headerLines(request);
  if (request.upgrade !== "") text += `Connection: upgrade\r\nUpgrade: ${request.upgrade}\r\n`;
  else if (request.acceptsTrailers) text += "Connection: TE\r\nTE: trailers\r\n";
  if (request.bodyLength === unknownLength) return `${text}Transfer-Encoding: chunked\r\n\r\n`;
  // A length of zero is said for the methods that expect a body (RFC 9110 8.6).
  if (request.bodyLength > 0 || expectsBody(request.method))
    return `${text}Content-Length: ${request.bodyLength}\r\n\r\n`;
  return `${text}\r\n`;
}

function expectsBody(method: string): boolean {
  return method === "POST" || method === "PUT" || method === "PATCH";
}

/** How the body of an answer is framed towards this client. */
export type AnswerFraming = "none" | "length" | "chunked" | "until-close";

/** `declaredLength`: what a Content-Length line says, or unknownLength for no such line. */
export function serializeResponseHead(
  response: OutgoingResponse,
  framing: AnswerFraming,
  declaredLength: number,
  close: boolean,
): string {
  let text =
    response.status === 200 && response.reason === "OK"
      ? "HTTP/1.1 200 OK\r\n"
      : `HTTP/1.1 ${response.status} ${response.reason}\r\n`;
  text += headerLines(response);
  if (response.upgrade !== "") return `${text}Connection: upgrade\r\nUpgrade: ${response.upgrade}\r\n\r\n`;
  if (framing === "chunked") text += "Transfer-Encoding: chunked\r\n";
  else if (declaredLength >= 0) text += `Content-Length: ${declaredLength}\r\n`;
  return close ? `${text}Connection: close\r\n\r\n` : `${text}\r\n`;
}

export function serializeInformational(head: ResponseHead): string {
  const lines = copyLines(head.headers, plainDropped, head.connectionNames, undefined);
  return `HTTP/1.1 ${head.status} ${head.reason}\r\n${lines}\r\n`;
}

/** The lines of a trailer section that may be passed on, without the empty line at its end. */
export function serializeTrailers(trailers: HeaderBlock): string {
  return copyLines(trailers, droppedTrailers, undefined, undefined);
}

function headerLines(outgoing: OutgoingHeaders): string {
  const modifiers = outgoing.modifiers;
  let text = "";
  if (outgoing.block !== undefined) {
    text = copyLines(
      outgoing.block,
      outgoing.dropped,
      outgoing.connectionNames,
      modifiers.length === 0 ? undefined : modifiers,
    );
  }
  if (modifiers.length > 0) text += addedLines(modifiers);
  return text + outgoing.added;
}

function copyLines(
  block: HeaderBlock,
  dropped: Uint8Array,
  connectionNames: ReadonlySet<string> | undefined,
  modifiers: readonly HeaderModifier[] | undefined,
): string {
  const { ids, nameStart, lineEnd, text } = block;
  const byName = connectionNames !== undefined || modifiers !== undefined;
  let copied = "";
  let run = -1;
  for (let i = 0; i < block.count; i++) {
    const keep =
      dropped[ids[i]!] === 0 && !(byName && isRemoved(block.nameAt(i), connectionNames, modifiers));
    if (keep) {
      if (run < 0) run = nameStart[i]!;
    } else if (run >= 0) {
      copied += text.slice(run, nameStart[i]);
      run = -1;
    }
  }
  return run < 0 ? copied : copied + text.slice(run, lineEnd[block.count - 1]);
}

function isRemoved(
  name: string,
  connectionNames: ReadonlySet<string> | undefined,
  modifiers: readonly HeaderModifier[] | undefined,
): boolean {
  if (connectionNames?.has(name) === true) return true;
  return modifiers !== undefined && isRemovedAfter(modifiers, -1, name);
}

/** The lines that modifiers set and add, as far as no later modifier removes them again. */
function addedLines(modifiers: readonly HeaderModifier[]): string {
  let text = "";
  for (let i = 0; i < modifiers.length; i++) {
    const modifier = modifiers[i]!;
    for (const header of modifier.set) if (!isRemovedAfter(modifiers, i, header.lower)) text += header.line;
    for (const header of modifier.add) if (!isRemovedAfter(modifiers, i, header.lower)) text += header.line;
  }
  return text;
}
