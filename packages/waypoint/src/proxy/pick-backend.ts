/** The backend that a request goes to: that of its rule, or without any route the Service itself. */
import { pickWeighted } from "@waystone/engine/balance/weighted";
import type { ServedPort } from "../store/snapshot.ts";
import type { Exchange } from "./exchange.ts";

/** A fresh pick for every request, by weight. False: answered. */
export function pickBackend(exchange: Exchange, port: ServedPort): boolean {
  const { rule } = exchange;
  if (rule === undefined) {
    exchange.backend = port.backend;
    return true;
  }
  const index = pickWeighted(rule.cumulativeWeights, exchange.context.proxy.rng);
  const backend = index < 0 ? undefined : rule.backends[index];
  if (backend === undefined) {
    const reference = index < 0 ? undefined : rule.rule.backends[index];
    exchange.fail("no-valid-backend", reference?.invalid ?? "no backend has a weight");
    return false;
  }
  exchange.routeBackend = rule.rule.backends[index];
  exchange.backend = backend;
  return true;
}
