/** How long a whole request may take: as its rule says, else the settings; for a gRPC call no longer than its client waits. */
import type { Matched } from "@waystone/engine/route/route";
import type { Exchange } from "./exchange.ts";
import { grpcTimeoutMs } from "./grpc-timeout.ts";

export function startRequestTimeout(exchange: Exchange, matched: Matched | undefined): void {
  // It runs since somebody was asked about the request.
  if (exchange.timer !== undefined) return;
  const { settings, clock } = exchange.context.proxy;
  let timeoutMs = matched?.rule.requestTimeoutMs ?? settings.timeouts.requestMs;
  if (exchange.grpc !== undefined) {
    const askedMs = grpcTimeoutMs(exchange.headerValues("grpc-timeout"));
    if (askedMs > 0) timeoutMs = timeoutMs === 0 ? askedMs : Math.min(askedMs, timeoutMs);
  }
  if (timeoutMs === 0) return;
  exchange.timer = clock.after(timeoutMs, () =>
    exchange.guard(() => exchange.fail("upstream-timeout", "the request timeout")),
  );
}
