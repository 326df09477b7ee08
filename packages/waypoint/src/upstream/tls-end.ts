/**
 * Whether a TLS peer said that it has said all (close_notify), or its connection merely ended, which anybody on the way can bring
 * about (RFC 8446 6.1): an answer that its connection's end ends is whole in the first case alone (RFC 9112 9.8). Node ends the
 * stream in either case and does not tell them apart, so what is underneath is asked in the call in which the end is found:
 * after a close_notify the TCP handle is still being read from.
 */
import type { TLSSocket } from "node:tls";

interface TlsHandle {
  /** Of the TCP connection. readStart answers 0 where it was not reading: it had come to its end. */
  readonly _parent?: { readStart(): number; readStop(): number } | null;
}

/** For logs. */
export const noCloseNotify = "its connection ended without TLS's close_notify";

/** Set before anything was read; the answer is good from the socket's "end" on. */
export function watchTlsEnd(socket: TLSSocket): () => boolean {
  let endedProperly: boolean | undefined;
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk === null) endedProperly ??= isStillRead(socket);
    return push(chunk, encoding);
  };
  return () => endedProperly === true;
}

/** On doubt (another Node) it has not. */
function isStillRead(socket: TLSSocket): boolean {
  // `_handle` is missing from Node's types.
  const tcp = (socket as { _handle?: TlsHandle | null })._handle?._parent;
  if (tcp === undefined || tcp === null) return false;
  if (tcp.readStart() !== 0) return true;
  tcp.readStop();
  return false;
}
