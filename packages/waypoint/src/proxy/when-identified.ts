/** Consumer routes and policies depend on who asks: what does, waits for the answer (design.md section 2). */
import type { Exchange } from "./exchange.ts";

/** Goes on at once where nobody asks who the client is, or that is known; else later. */
export function whenIdentified(exchange: Exchange, isAsked: boolean, goOn: () => void): void {
  const { context } = exchange;
  if (!isAsked || context.identity()?.known === true) return goOn();
  context.proxy.whenKnown(exchange.stream.peerAddress, () => exchange.guard(goOn));
}
