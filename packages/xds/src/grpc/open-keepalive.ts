/** Notices a peer that is gone without a word: no answer to an HTTP/2 ping. */
import type { Http2Session } from "node:http2";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Keepalive } from "./channel-settings.ts";

export interface KeepaliveOptions {
  readonly session: Http2Session;
  readonly clock: Clock;
  readonly keepalive: Keepalive;
  readonly lost: (reason: string) => void;
}

export function openKeepalive(options: KeepaliveOptions): { close(): void } {
  const { session, clock, lost } = options;
  const { afterMs, timeoutMs } = options.keepalive;
  let timer: Timer | undefined;
  let isClosed = false;
  const wait = (): void => {
    timer = clock.after(afterMs, ask);
  };
  const answered = (error: Error | null): void => {
    if (isClosed || error !== null) return;
    timer?.cancel();
    wait();
  };
  const ask = (): void => {
    timer = clock.after(timeoutMs, () => lost(`no answer to a ping within ${timeoutMs} ms`));
    if (!session.destroyed) session.ping(answered);
  };
  wait();
  return {
    close() {
      isClosed = true;
      timer?.cancel();
    },
  };
}
