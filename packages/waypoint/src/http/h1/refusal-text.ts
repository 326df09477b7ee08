/** An answer of the codec's own: there is no exchange (any more) that could give it. */
import { type ProxyErrorKind, proxyError, retryAfterLine } from "../../proxy/proxy-error.ts";
import { reasonPhrase } from "../reason-phrase.ts";

export function refusalText(kind: ProxyErrorKind, method: string): string {
  const { status, text } = proxyError(kind);
  const head =
    `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\nContent-Type: text/plain\r\n` +
    `Content-Length: ${text.length + 1}\r\nConnection: close\r\n${retryAfterLine(kind)}\r\n`;
  return method === "HEAD" ? head : `${head}${text}\n`;
}
