/**
 * Ends a socket with a RST, so that its peer does not take what it got for all there was. Two states need another way: a
 * socket that is connecting, or has yet to begin, has nobody to reset, and would wait to do so; and one whose FIN is under way
 * (all written, the shutdown not confirmed) is refused the reset by libuv, after which Node neither closes it nor says so. TLS has a word of its own
 * for a proper end (close_notify), which a socket that is destroyed does not say.
 */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

export function resetSocket(socket: Socket): void {
  const isFinUnderWay = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (socket.pending || isFinUnderWay || socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
