/**
 * The life of a request, one line per phase. Each phase either answers (and the exchange is over) or leaves the request
 * ready for the next; nothing is decided twice. The snapshot is the one of the request's first byte, to its log line.
 */
import { planAt } from "@waystone/engine/authentication/port-plans";
import { programAt } from "@waystone/engine/authorization/port-programs";
import { pickWeighted } from "@waystone/engine/balance/weighted";
import {
  answerPreflight,
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
import { rewritePath, type UrlRewrite } from "@waystone/engine/route/url-rewrite";
import type { RequestHead } from "../http/message.ts";
import type { DownstreamStream, RequestSink } from "../http/stream.ts";
import type { Backend, ServedPort, Snapshot } from "../store/snapshot.ts";
import { mayAskAuthorizers, whenAuthorizersAgree } from "./ask-authorizers.ts";
import { admit, isMirrorAdmitted, objectionNow } from "./authorize.ts";
import { authenticate } from "./authenticate.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { Exchange } from "./exchange.ts";
import { forwardedLines, forwardedText, linesBeside } from "./forwarding.ts";
import { grpcTimeoutMs } from "./grpc-timeout.ts";
import { dropClaims } from "./identity-headers.ts";
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
  if (leadsElsewhere(exchange, port)) return admitAtBackend(exchange, port, matched, snapshot);
  send(exchange, matched);
}

/** To another Service, whose owner has a say; or copies of it do. */
function leadsElsewhere({ backend, rule }: Exchange, port: ServedPort): boolean {
  if (rule === undefined) return false;
  return backend!.key !== port.key || rule.mirrors.length > 0 || rule.backendMirrors.length > 0;
}

/** The port's own policies have been asked. */
function admitAtBackend(
  exchange: Exchange,
  port: ServedPort,
  matched: Matched | undefined,
  snapshot: Snapshot,
): void {
  const { rule } = exchange;
  const backend = exchange.backend!;
  const mirrors = [...rule!.mirrors, ...rule!.backendMirrors.flat()];
  const isAsked = [backend, ...mirrors].some((each) => each?.program?.readsIdentity === true);
  const program = backend.key === port.key ? undefined : backend.program;
  const judgeThere = (): void => {
    if (admit(exchange, program)) send(exchange, matched);
  };
  const askThere = (): void => {
    if (mayAskAuthorizers(exchange, program, snapshot))
      whenAuthorizersAgree(exchange, program, snapshot, judgeThere);
    else judgeThere();
  };
  whenIdentified(exchange, isAsked, () => {
    if (backend.key === port.key) return unlessForbiddenSince(exchange, snapshot, askThere);
    authenticate(exchange, backend.authentication, () => unlessForbiddenSince(exchange, snapshot, askThere));
  });
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
    answerRedirect(exchange, filters.redirect, prefixOf(matched));
    return true;
  }
  return false;
}

/** "" for matches other than by prefix: a prefix can be replaced for those alone. */
function prefixOf(matched: Matched): string {
  return matched.match.path.type === "prefix" ? matched.match.path.value : "";
}

function applyCors(exchange: Exchange, cors: CorsPolicy): boolean {
  const request = {
    method: exchange.method,
    origin: exchange.headerValues("origin"),
    requestMethod: exchange.headerValues("access-control-request-method"),
    requestHeaders: exchange.headerValues("access-control-request-headers"),
  };
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
  exchange.responseLines += linesOf(corsResponseHeaders(cors, request.origin));
  return false;
}

const backendCorsDropped: HeaderModifier = { set: [], add: [], removeNames: corsResponseHeaderNames };

function linesOf(headers: readonly HeaderLine[]): string {
  let lines = "";
  for (const header of headers) lines += header.line;
  return lines;
}

function answerRedirect(exchange: Exchange, redirect: Redirect, matchedPrefix: string): void {
  const location = redirectLocation(
    redirect,
    {
      scheme: "http",
      host: exchange.host || exchange.port!.serviceHost,
      listenerPort: exchange.port!.port,
      path: exchange.path,
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
  const { head, context, routeBackend } = exchange;
  const rule = matched?.rule;
  const forwarding = context.forwarding();
  const forwarded = exchange.forwarded ?? forwardedLines(forwarding, head.headers, context.proxy.rng);
  exchange.requestId = forwarded.requestId;
  const modifiers = requestModifiers(rule?.requestHeaders, routeBackend?.requestHeaders);
  const text = forwardedText(forwarded);
  const lines = modifiers.length === 0 ? text : linesBeside(modifiers, text);
  exchange.outgoing = {
    method: exchange.method,
    target: targetOf(exchange, matched),
    authority:
      routeBackend?.rewrite?.hostname ||
      rule?.rewrite?.hostname ||
      head.authority ||
      exchange.port!.serviceHost,
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

function targetOf(exchange: Exchange, matched: Matched | undefined): string {
  let { path } = exchange;
  const rewrite = exchange.routeBackend?.rewrite ?? matched?.rule.rewrite;
  if (rewrite !== undefined) path = rewritePath(rewrite, path, prefixOf(matched!));
  return withQuery(exchange, path);
}

const none: readonly HeaderModifier[] = [];

function requestModifiers(
  ofRule: HeaderModifier | undefined,
  ofBackend: HeaderModifier | undefined,
): readonly HeaderModifier[] {
  if (ofRule === undefined) return ofBackend === undefined ? none : [ofBackend];
  return ofBackend === undefined ? [ofRule] : [ofRule, ofBackend];
}

function startMirrors(exchange: Exchange): void {
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
    const mirror = MirrorRequest.open(proxy, backend, exchange.outgoing!);
    if (mirror === undefined) continue;
    exchange.mirrors ??= [];
    exchange.mirrors.push(mirror);
    // What came while somebody was asked about the request.
    for (const piece of exchange.body?.pieces ?? []) mirror.data(piece);
    if (exchange.hasEnded) mirror.end(exchange.body?.trailers);
  }
}
