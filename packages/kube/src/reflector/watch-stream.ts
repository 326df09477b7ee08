/**
 * One watch, from its request to its end: chunks to lines to events, and a timer that cuts it when nothing comes. Returns
 * when the server ended it in good order; everything else is an ApiError.
 */
import type { Clock } from "@waystone/base/clock";
import { type ApiError, errorFromThrown, noAnswer } from "../transport/api-error.ts";
import { describeRequest, type Query, type Transport } from "../transport/transport.ts";
import { JsonLines, LineTooLong } from "./json-lines.ts";
import { malformed, parseWatchEvent, type WatchEvent } from "./watch-event.ts";

export interface WatchOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly path: string;
  readonly query: Query;
  readonly signal: AbortSignal;
  /** Asked after each chunk: how long the server may be silent from now on. */
  readonly silenceMs: () => number;
  /** The events of one chunk. Throws ApiError to end the watch. */
  readonly take: (events: readonly WatchEvent[]) => void;
}

/** etcd takes objects up to 1.5 MiB; as JSON they may grow. */
const lineLimitBytes = 16 * 1024 * 1024;

export async function followWatch(options: WatchOptions): Promise<void> {
  const { transport, clock, path, query, signal, silenceMs } = options;
  const asked = `watch ${path}`;
  const cut = new AbortController();
  const abort = (): void => cut.abort();
  signal.addEventListener("abort", abort);
  let isStalled = false;
  const onSilence = (): void => {
    isStalled = true;
    cut.abort();
  };
  let allowedMs = silenceMs();
  let timer = clock.after(allowedMs, onSilence);
  try {
    signal.throwIfAborted();
    const chunks = await transport.stream({ path, query, signal: cut.signal });
    const lines = new JsonLines({ limitBytes: lineLimitBytes });
    for await (const chunk of chunks) {
      if (cut.signal.aborted) break;
      takeChunk(lines, chunk, asked, options.take);
      timer.cancel();
      allowedMs = silenceMs();
      timer = clock.after(allowedMs, onSilence);
    }
    if (isStalled) throw stalled(asked, allowedMs);
    if (lines.pendingBytes > 0)
      throw malformed(asked, `half a line (${lines.pendingBytes} bytes) before its end`);
  } catch (thrown) {
    throw isStalled ? stalled(asked, allowedMs) : errorFromThrown(describeRequest({ path }), thrown);
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", abort);
    cut.abort();
  }
}

/** What came whole before a bad line is taken in: it is true, and the watch resumes behind it. */
function takeChunk(lines: JsonLines, chunk: Uint8Array, asked: string, take: WatchOptions["take"]): void {
  const events: WatchEvent[] = [];
  try {
    for (const line of lines.push(chunk)) events.push(parseWatchEvent(line, asked));
  } catch (thrown) {
    if (events.length > 0) take(events);
    throw thrown instanceof LineTooLong ? malformed(asked, thrown.message, thrown) : thrown;
  }
  if (events.length > 0) take(events);
}

function stalled(asked: string, silentMs: number): ApiError {
  return noAnswer("Stalled", `${asked}: the API server sent nothing for ${silentMs} ms`);
}
