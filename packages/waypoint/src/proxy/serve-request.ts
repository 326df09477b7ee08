/**
 * The life of a request, one line per phase. Each phase either answers (and the exchange is over) or leaves the request
 * ready for the next; nothing is decided twice. The snapshot is the one of the request's first byte, to its log line.
 */
import { planAt } from "@waystone/engine/authentication/port-plans";
import { programAt } from "@waystone/engine/authorization/port-programs";
import type { Program } from "@waystone/engine/authorization/program";
import { pickWeighted } from "@waystone/engine/balance/weighted";
import {
  answerPreflight,
  corsRequestOf,
  corsResponseHeaderNames,
  corsResponseHeaders,
  isPreflight,
} from "@waystone/engine/route/cors";
import type { HeaderLine } from "@waystone/engine/headers/header-line";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import { normaliseRequest } from "@waystone/engine/path/normalise-request";
import { redirectLocation, type Redirect } from "@waystone/engine/route/redirect";
import type { CorsPolicy } from "@waystone/engine/route/cors";
import type { Matched, Mirror } from "@waystone/engine/route/route";
import { prefixOf, routeChanges } from "@waystone/engine/route/route-changes";
import type { UrlRewrite } from "@waystone/engine/route/url-rewrite";
import type { RequestHead } from "../http/message.ts";
import type { OutgoingRequest } from "../http/outgoing.ts";
import type { DownstreamStream, RequestSink } from "../http/stream.ts";
import type { Backend, ServedPort, Snapshot } from "../store/snapshot.ts";
import { applyRoute, hasOwnSay } from "./apply-route.ts";
import { mayAskAuthorizers, whenAuthorizersAgree } from "./ask-authorizers.ts";
import { admit, authAtBackend, isMirrorAdmitted, objectionNow } from "./authorize.ts";
import { authenticate, headersAt } from "./authenticate.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { Exchange } from "./exchange.ts";
import { forwardedLines, forwardedText, linesBeside } from "./forwarding.ts";
import { grpcTimeoutMs } from "./grpc-timeout.ts";
import { dropClaims, trailersOf } from "./identity-headers.ts";
import { matchRoute, servedPort } from "./match-route.ts";
import { MirrorRequest } from "./mirror.ts";
import { startAttempt } from "./retry.ts";
import { findSession } from "./session.ts";
import { withQuery } from "./with-query.ts";

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

/** Goes on at once where nobody asks who the client is, or that is known; else later. */
function whenIdentified(exchange: Exchange, isAsked: boolean, goOn: () => void): void {
  const { context } = exchange;
  if (!isAsked || context.identity()?.known === true) return goOn();
  context.proxy.whenKnown(exchange.stream.peerAddress, () => exchange.guard(goOn));
}

/** What policies say by now holds as well as what they said when the request began. */
function unlessForbiddenSince(exchange: Exchange, snapshot: Snapshot, goOn: () => void): void {
  const now = exchange.context.proxy.current();
  const objection = now === snapshot ? undefined : objectionNow(exchange, now);
  if (objection === undefined) goOn();
  else exchange.fail(objection.kind, objection.detail);
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
  if (leadsElsewhere(exchange, snapshot)) return admitAtBackend(exchange, matched, snapshot);
  send(exchange, matched);
}

/** To a Service whose owner has a say beside that of the port's; or copies of it do; or the backendRef has somebody asked, or may have by now. */
function leadsElsewhere(exchange: Exchange, snapshot: Snapshot): boolean {
  const { backend, rule, routeBackend, context } = exchange;
  if (rule === undefined) return false;
  if (routeBackend?.externalAuth !== undefined || context.proxy.current() !== snapshot) return true;
  if (hasOwnSay(exchange, backend!)) return true;
  return rule.mirrors.length > 0 || rule.backendMirrors.length > 0;
}

/** The port's own policies have been asked. */
function admitAtBackend(exchange: Exchange, matched: Matched | undefined, snapshot: Snapshot): void {
  const { rule } = exchange;
  const backend = exchange.backend!;
  const mirrors = [...rule!.mirrors, ...rule!.backendMirrors.flat()];
  const isToBeAsked = hasOwnSay(exchange, backend);
  const program = isToBeAsked ? backend.program : undefined;
  const filter = authAtBackend(exchange, rule);
  const isAsked = [filter, ...[backend, ...mirrors].map((each) => each?.program)].some(
    (each) => each?.readsIdentity === true,
  );
  const askFor = (who: Program | undefined, goOn: () => void): void => {
    const judgeBy = (): void => {
      if (admit(exchange, who)) goOn();
    };
    if (mayAskAuthorizers(exchange, who, snapshot)) whenAuthorizersAgree(exchange, who, snapshot, judgeBy);
    else judgeBy();
  };
  const unlessForbidden = (goOn: () => void): void => unlessForbiddenSince(exchange, snapshot, goOn);
  const askOwner = (): void => {
    // Behind all that the route does, so that its owner has the last word on what it gets.
    if (matched !== undefined) applyRoute(exchange, matched);
    if (!isToBeAsked) return send(exchange, matched);
    authenticate(exchange, backend.authentication, () =>
      unlessForbidden(() => askFor(program, () => send(exchange, matched))),
    );
  };
  whenIdentified(exchange, isAsked, () => unlessForbidden(() => askFor(filter, askOwner)));
}

function send(exchange: Exchange, matched: Matched | undefined): void {
  exchange.isAdmitted = true;
  if (exchange.routeBackend !== undefined && applyBackendFilters(exchange, matched!)) return;
  findSession(exchange);
  buildOutgoing(exchange, matched);
  startMirrors(exchange);
  startAttempt(exchange);
}

/** Once, and the same strings are matched, judged and forwarded (T05). False: answered. */
function normalise(exchange: Exchange): boolean {
  const { head } = exchange;
  const refusal = normaliseRequest(exchange, head.target, head.authority);
  if (refusal === undefined) {
    dropRootDot(head, exchange.host);
    return true;
  }
  if (refusal.kind === "asterisk") answerAsterisk(exchange);
  else exchange.fail(refusal.kind, refusal.detail);
  return false;
}

/** "web.shop." is matched as "web.shop" (T03), so that is what the endpoint hears. */
function dropRootDot(head: RequestHead, host: string): void {
  const { authority } = head;
  // An address in brackets may have a dot at that place, and was perhaps rewritten.
  if (authority.charCodeAt(host.length) !== 0x2e || authority.charCodeAt(0) === 0x5b) return;
  head.authority = host + authority.slice(host.length + 1);
}

/** `OPTIONS *` asks about the server as a whole (RFC 9110 9.3.7): that is us. */
function answerAsterisk(exchange: Exchange): void {
  exchange.reply({ status: 200, headers: "", body: "", close: false, modifiers: [] }, "options_asterisk");
}

function startRequestTimeout(exchange: Exchange, matched: Matched | undefined): void {
  // It runs since somebody was asked about the request.
  if (exchange.timer !== undefined) return;
  const { settings, clock } = exchange.context.proxy;
  let timeoutMs = matched?.rule.requestTimeoutMs ?? settings.timeouts.requestMs;
  if (exchange.grpc !== undefined) {
    const askedMs = grpcTimeoutMs(exchange.headerValues("grpc-timeout"));
    if (askedMs > 0) timeoutMs = timeoutMs === 0 ? askedMs : Math.min(askedMs, timeoutMs);
  }
  if (timeoutMs === 0) return;
  exchange.timer = clock.after(timeoutMs, () => exchange.fail("upstream-timeout", "the request timeout"));
}

/**
 * Before anybody is asked whether the request may go on: a page that cannot read a refusal takes it for a broken network. So does
 * Envoy's filter, which stands before those that refuse.
 */
function showToPages(exchange: Exchange, cors: CorsPolicy | undefined): void {
  if (cors === undefined) return;
  const request = corsRequestOf(exchange);
  // Its own answer says more, and a refused one is of no use to anybody.
  if (isPreflight(request)) return;
  exchange.isShownToPages = true;
  exchange.responseLines += linesOf(corsResponseHeaders(cors, request.origin));
}

interface Filters {
  readonly cors: CorsPolicy | undefined;
  readonly redirect: Redirect | undefined;
  readonly rewrite: UrlRewrite | undefined;
  readonly responseHeaders: HeaderModifier | undefined;
}

/** True: answered. */
function applyRuleFilters(exchange: Exchange, matched: Matched): boolean {
  return applyFilters(exchange, matched.rule, matched);
}

function applyBackendFilters(exchange: Exchange, matched: Matched): boolean {
  return applyFilters(exchange, exchange.routeBackend!, matched);
}

function applyFilters(exchange: Exchange, filters: Filters, matched: Matched): boolean {
  if (filters.cors !== undefined && applyCors(exchange, filters.cors)) return true;
  if (filters.responseHeaders !== undefined) {
    exchange.responseModifiers = [...exchange.responseModifiers, filters.responseHeaders];
  }
  if (filters.redirect !== undefined) {
    answerRedirect(exchange, filters.redirect, prefixOf(matched.match));
    return true;
  }
  return false;
}

/** True: it was a preflight, and is answered. */
function applyCors(exchange: Exchange, cors: CorsPolicy): boolean {
  const request = corsRequestOf(exchange.received ?? exchange);
  if (isPreflight(request)) {
    const answer = answerPreflight(cors, request);
    const headers = linesOf(answer.headers);
    exchange.reply(
      { status: answer.status, headers, body: "", close: false, modifiers: [] },
      "cors_preflight",
    );
    return true;
  }
  exchange.responseModifiers = [...exchange.responseModifiers, backendCorsDropped];
  return false;
}

const backendCorsDropped: HeaderModifier = { set: [], add: [], removeNames: corsResponseHeaderNames };

function linesOf(headers: readonly HeaderLine[]): string {
  let lines = "";
  for (const header of headers) lines += header.line;
  return lines;
}

function answerRedirect(exchange: Exchange, redirect: Redirect, matchedPrefix: string): void {
  const { host, path } = exchange.received ?? exchange;
  const location = redirectLocation(
    redirect,
    {
      scheme: "http",
      host: host || exchange.port!.serviceHost,
      listenerPort: exchange.port!.port,
      path,
      hasQuery: exchange.hasQuery,
      query: exchange.query,
    },
    matchedPrefix,
  );
  exchange.reply(
    {
      status: redirect.status,
      headers: `Location: ${location}\r\n`,
      body: "",
      close: false,
      modifiers: exchange.responseModifiers,
    },
    "redirect",
  );
}

/** A fresh pick for every request, by weight. False: answered. */
function pickBackend(exchange: Exchange, port: ServedPort): boolean {
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

function buildOutgoing(exchange: Exchange, matched: Matched | undefined): void {
  const { head, context } = exchange;
  const isDone = matched === undefined || exchange.received !== undefined;
  const changes = isDone ? undefined : routeChanges(matched, exchange.routeBackend, exchange.path);
  const forwarding = context.forwarding();
  const forwarded = exchange.forwarded ?? forwardedLines(forwarding, head.headers, context.proxy.rng);
  exchange.requestId = forwarded.requestId;
  const modifiers = changes?.modifiers ?? exchange.modifiersLeft;
  const text = forwardedText(forwarded);
  const lines = modifiers.length === 0 ? text : linesBeside(modifiers, text);
  exchange.outgoing = {
    method: exchange.method,
    target: withQuery(exchange, changes?.path ?? exchange.path),
    authority: changes?.hostname || head.authority || exchange.port!.serviceHost,
    block: head.headers,
    dropped: forwarding.dropped,
    connectionNames: head.connectionNames,
    modifiers,
    added: head.expectsContinue ? `${lines}Expect: 100-continue\r\n` : lines,
    forwarded: lines === text && !head.expectsContinue ? forwarded : undefined,
    bodyLength: head.bodyLength,
    expectsContinue: head.expectsContinue,
    acceptsTrailers: head.acceptsTrailers,
    upgrade: head.upgrade,
  };
}

function startMirrors(exchange: Exchange): void {
  const { rule, routeBackend } = exchange;
  if (rule === undefined) return;
  if (rule.mirrors.length > 0) startMirrorsTo(exchange, rule.rule.mirrors, rule.mirrors);
  if (routeBackend === undefined || routeBackend.mirrors.length === 0) return;
  const index = rule.rule.backends.indexOf(routeBackend);
  startMirrorsTo(exchange, routeBackend.mirrors, rule.backendMirrors[index]!);
}

/** With what the policies of its Service say about who asks, where that is another. */
function copyFor(exchange: Exchange, backend: Backend): OutgoingRequest {
  const outgoing = exchange.outgoing!;
  return hasOwnSay(exchange, backend)
    ? { ...outgoing, block: headersAt(exchange, backend.authentication) }
    : outgoing;
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
