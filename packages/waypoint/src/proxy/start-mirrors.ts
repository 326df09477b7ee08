/** Copies of a request for the mirrors of its rule and of its backendRef: to those that the client could have asked itself. */
import type { Mirror } from "@waystone/engine/route/route";
import type { OutgoingRequest } from "../http/outgoing.ts";
import type { Backend } from "../store/snapshot.ts";
import { hasOwnSay } from "./apply-route.ts";
import { headersAt } from "./authenticate.ts";
import { isMirrorAdmitted } from "./authorize.ts";
import type { Exchange } from "./exchange.ts";
import { trailersOf } from "./request-trailers.ts";
import { MirrorRequest } from "./mirror.ts";

export function startMirrors(exchange: Exchange): void {
  const { rule, routeBackend } = exchange;
  if (rule === undefined) return;
  if (rule.mirrors.length > 0) startMirrorsTo(exchange, rule.rule.mirrors, rule.mirrors);
  if (routeBackend === undefined || routeBackend.mirrors.length === 0) return;
  const index = rule.rule.backends.indexOf(routeBackend);
  startMirrorsTo(exchange, routeBackend.mirrors, rule.backendMirrors[index]!);
}

function startMirrorsTo(
  exchange: Exchange,
  mirrors: readonly Mirror[],
  backends: readonly (Backend | undefined)[],
): void {
  const { proxy } = exchange.context;
  for (let i = 0; i < mirrors.length; i++) {
    const backend = backends[i];
    if (backend === undefined || proxy.rng.next() >= mirrors[i]!.fraction) continue;
    if (!isMirrorAdmitted(exchange, backend)) continue;
    const mirror = MirrorRequest.open(proxy, backend, copyFor(exchange, backend));
    if (mirror === undefined) continue;
    exchange.mirrors ??= [];
    exchange.mirrors.push(mirror);
    // What came while somebody was asked about the request.
    for (const piece of exchange.body?.pieces ?? []) mirror.data(piece);
    if (exchange.hasEnded) mirror.end(trailersOf(exchange, exchange.body?.trailers));
  }
}

/** With what the policies of its Service say about who asks, where that is another. */
function copyFor(exchange: Exchange, backend: Backend): OutgoingRequest {
  const outgoing = exchange.outgoing!;
  return hasOwnSay(exchange, backend)
    ? { ...outgoing, block: headersAt(exchange, backend.authentication) }
    : outgoing;
}
