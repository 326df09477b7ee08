/** A client of Node's HTTP/1.1, a connection for each request: node-client.ts for the older version. */
import { createHash } from "node:crypto";
import http from "node:http";
import { within } from "@waystone/testkit/within";
import { sendBlob } from "./node-client.ts";
import type { Address } from "./waystone.ts";

export interface Http1AskOptions {
  /** A blob of so many bytes, in chunks of `piece`; undefined: no body. */
  readonly bodyBytes?: number;
  readonly piece?: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly trailers?: http.OutgoingHttpHeaders;
}

export interface Http1Answer {
  readonly status: number;
  readonly trailers: NodeJS.Dict<string>;
  readonly bytes: number;
  readonly sha256: string;
  /** It came to a proper end. */
  readonly isWhole: boolean;
}

export function openHttp1Request(
  { host, port }: Address,
  path: string,
  options: http.RequestOptions = {},
): http.ClientRequest {
  const request = http.request({ host, port, path, agent: false, ...options });
  request.on("error", () => {});
  return request;
}

/** Never rejects: an answer that breaks off is one too, and none at all has status 0. */
export async function askHttp1(
  address: Address,
  path: string,
  { bodyBytes, piece, headers = {}, trailers }: Http1AskOptions = {},
): Promise<Http1Answer> {
  const method = bodyBytes === undefined ? "GET" : "POST";
  const request = openHttp1Request(address, path, { method, headers });
  const { promise, resolve } = Promise.withResolvers<Http1Answer>();
  const hash = createHash("sha256");
  let bytes = 0;
  let response: http.IncomingMessage | undefined;
  request.on("response", (received) => {
    response = received;
    received
      .on("error", () => {})
      .on("data", (next: Buffer) => {
        bytes += next.length;
        hash.update(next);
      });
    received.on("close", () => {
      const { statusCode = 0, complete } = received;
      const sha256 = hash.digest("hex");
      resolve({ status: statusCode, trailers: received.trailers, bytes, sha256, isWhole: complete });
      request.destroy();
    });
  });
  request.on("close", () => {
    if (response === undefined) resolve({ status: 0, trailers: {}, bytes, sha256: "", isWhole: false });
  });
  if (trailers !== undefined) request.addTrailers(trailers);
  if (bodyBytes === undefined) request.end();
  else void sendBlob(request, bodyBytes, piece);
  return await within(promise, `the answer to ${path}`);
}
