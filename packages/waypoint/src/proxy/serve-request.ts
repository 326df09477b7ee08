/**
 * The life of a request, one line per phase. Each phase either answers (and the exchange is over) or leaves the request
 * ready for the next; nothing is decided twice. The snapshot is the one of the request's first byte, to its log line.
 */
import { planAt } from "@waystone/engine/authentication/port-plans";
import { programAt } from "@waystone/engine/authorization/port-programs";
import type { Matched } from "@waystone/engine/route/route";
import type { RequestHead } from "../http/message.ts";
import type { DownstreamStream, RequestSink } from "../http/stream.ts";
import type { ServedPort, Snapshot } from "../store/snapshot.ts";
import { admitAtBackend, leadsElsewhere } from "./admit-at-backend.ts";
import { mayAskAuthorizers, whenAuthorizersAgree } from "./ask-authorizers.ts";
import { authenticate } from "./authenticate.ts";
import { admit, unlessForbiddenSince } from "./authorize.ts";
import { buildOutgoing } from "./build-outgoing.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { showToPages } from "./cors-filter.ts";
import { Exchange } from "./exchange.ts";
import { dropClaims } from "./identity-headers.ts";
import { matchRoute, servedPort } from "./match-route.ts";
import { normalise } from "./normalise.ts";
import { pickBackend } from "./pick-backend.ts";
import { startRequestTimeout } from "./request-timeout.ts";
import { startAttempt } from "./retry.ts";
import { applyBackendFilters, applyRuleFilters } from "./route-filters.ts";
import { findSession } from "./session.ts";
import { startMirrors } from "./start-mirrors.ts";
import { whenIdentified } from "./when-identified.ts";

export function serveRequest(
  context: ConnectionContext,
  stream: DownstreamStream,
  head: RequestHead,
): RequestSink {
  const exchange = new Exchange(context, stream, head, context.proxy.clock.now());
  const snapshot = context.proxy.current();
  exchange.port = servedPort(context, snapshot);
  exchange.guard(() => {
    if (exchange.port === undefined) {
      exchange.fail("not-served");
    } else if (context.proxy.overload.isShedding) {
      exchange.fail("overloaded");
    } else if (normalise(exchange)) {
      identifyThenServe(exchange, exchange.port, snapshot);
    }
  });
  return exchange;
}

/** Consumer routes and policies depend on who asks: such a request waits for the answer (design.md section 2). */
function identifyThenServe(exchange: Exchange, port: ServedPort, snapshot: Snapshot): void {
  const isAsked = port.consumerRoutes.size > 0 || port.policies?.readsIdentity === true;
  if (port.policies?.ownedHeaders !== undefined) dropClaims(exchange, port.policies.ownedHeaders);
  if (!isAsked) return serve(exchange, port, snapshot);
  whenIdentified(exchange, isAsked, () => serve(exchange, port, snapshot));
}

function serve(exchange: Exchange, port: ServedPort, snapshot: Snapshot): void {
  const matched = matchRoute(exchange.context, exchange, port);
  if (matched !== undefined && matched !== "none") showToPages(exchange, matched.rule.cors);
  const plan = planAt(port.policies, matched);
  // Nearly every request has not waited for anything by here, and most of them are asked for nothing.
  if (plan === undefined && exchange.context.proxy.current() === snapshot)
    return serveKnown(exchange, port, matched, snapshot);
  authenticate(exchange, plan, () =>
    unlessForbiddenSince(exchange, snapshot, () => serveKnown(exchange, port, matched, snapshot)),
  );
}

/** It is known who asks, as far as policies want to. */
function serveKnown(
  exchange: Exchange,
  port: ServedPort,
  matched: Matched | undefined | "none",
  snapshot: Snapshot,
): void {
  const program = programAt(port.policies, matched);
  if (!mayAskAuthorizers(exchange, program, snapshot)) return judge(exchange, port, matched, snapshot);
  startRequestTimeout(exchange, matched === "none" ? undefined : matched);
  whenAuthorizersAgree(exchange, program, snapshot, () => judge(exchange, port, matched, snapshot));
}

function judge(
  exchange: Exchange,
  port: ServedPort,
  matched: Matched | undefined | "none",
  snapshot: Snapshot,
): void {
  // Also where no route matched: what is there is nobody's business who may not ask.
  if (!admit(exchange, programAt(port.policies, matched))) return;
  if (matched === "none") return exchange.fail("no-route");
  if (matched !== undefined) exchange.rule = snapshot.rules.get(matched.rule);
  startRequestTimeout(exchange, matched);
  if (matched !== undefined && applyRuleFilters(exchange, matched)) return;
  if (!pickBackend(exchange, port)) return;
  showToPages(exchange, exchange.routeBackend?.cors);
  if (leadsElsewhere(exchange, snapshot))
    return admitAtBackend(exchange, matched, snapshot, () => send(exchange, matched));
  send(exchange, matched);
}

function send(exchange: Exchange, matched: Matched | undefined): void {
  exchange.isAdmitted = true;
  if (exchange.routeBackend !== undefined && applyBackendFilters(exchange, matched!)) return;
  findSession(exchange);
  buildOutgoing(exchange, matched);
  startMirrors(exchange);
  startAttempt(exchange);
}
