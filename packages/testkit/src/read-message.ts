/**
 * One whole HTTP/1.1 message off the front of some bytes, read strictly (see read-head.ts, read-body.ts). Undefined means
 * "not all here yet"; a MessageError means that no more bytes will ever make it a message.
 */
import { readBody, readFraming } from "./read-body.ts";
import { type HeaderLine, headerValues, MessageError, readHead } from "./read-head.ts";

export interface ReadRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Buffer;
  readonly trailers: readonly HeaderLine[];
  /** The exact bytes that were read as this request. */
  readonly raw: Buffer;
}

export interface ReadResponse {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Buffer;
  readonly trailers: readonly HeaderLine[];
  readonly raw: Buffer;
}

const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e\x80-\xff]+) (HTTP\/1\.[01])$/;
const statusLine = /^(HTTP\/1\.[01]) ([1-9][0-9]{2}) ([\t\x20-\x7e\x80-\xff]*)$/;

export function readRequest(bytes: Buffer, start = 0): ReadRequest | undefined {
  const head = readHead(bytes, start);
  if (head === undefined) return undefined;
  const line = requestLine.exec(head.startLine);
  if (line === null) throw new MessageError(`request line ${JSON.stringify(head.startLine)}`);
  const body = readBody(bytes, head.end, readFraming(head.headers) ?? { kind: "none" }, false);
  if (body === undefined) return undefined;
  return {
    method: line[1] ?? "",
    target: line[2] ?? "",
    version: line[3] ?? "",
    headers: head.headers,
    body: body.bytes,
    trailers: body.trailers,
    raw: bytes.subarray(start, body.end),
  };
}

export interface ResponseContext {
  /** Of the request that it answers: a HEAD's answer has no body whatever its headers say. */
  readonly method?: string;
  /** The sender has finished: ends a body that runs to the close of the connection. */
  readonly ended?: boolean;
  readonly start?: number;
}

export function readResponse(bytes: Buffer, context: ResponseContext = {}): ReadResponse | undefined {
  const start = context.start ?? 0;
  const head = readHead(bytes, start);
  if (head === undefined) return undefined;
  const line = statusLine.exec(head.startLine);
  if (line === null) throw new MessageError(`status line ${JSON.stringify(head.startLine)}`);
  const status = Number(line[2]);
  const bodiless = status < 200 || status === 204 || status === 304 || context.method === "HEAD";
  const framing = bodiless
    ? { kind: "none" as const }
    : (readFraming(head.headers) ?? { kind: "until-close" as const });
  const body = readBody(bytes, head.end, framing, context.ended ?? false);
  if (body === undefined) return undefined;
  return {
    status,
    reason: line[3] ?? "",
    version: line[1] ?? "",
    headers: head.headers,
    body: body.bytes,
    trailers: body.trailers,
    raw: bytes.subarray(start, body.end),
  };
}

/** Every message of a recorded stream, in order. Throws when something is left over that is no whole request. */
export function readAllRequests(bytes: Buffer): readonly ReadRequest[] {
  const requests: ReadRequest[] = [];
  for (let at = 0; at < bytes.length; ) {
    const request = readRequest(bytes, at);
    if (request === undefined)
      throw new MessageError(`${bytes.length - at} bytes left over that are no whole request`);
    requests.push(request);
    at += request.raw.length;
  }
  return requests;
}

/** The one value of a header; undefined when absent; an error when there are several. */
export function headerValue(
  message: { readonly headers: readonly HeaderLine[] },
  name: string,
): string | undefined {
  const values = headerValues(message.headers, name);
  if (values.length > 1) throw new MessageError(`${values.length} headers ${name}`);
  return values[0];
}
