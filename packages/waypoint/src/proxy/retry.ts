/**
 * What follows a failed attempt: another one, now or after a pause, or the error. A connection that could not be made is
 * tried at another endpoint without being asked for (nothing was sent); a kept connection that turned out closed is
 * replaced, and so is one that refused the request unseen; everything else only as the rule's retry stanza says (engine/retry).
 */
import { pickLeastRequest } from "@waystone/engine/balance/p2c";
import { backoffMs, longestBackoffMs } from "@waystone/engine/retry/backoff";
import { retryAfterMs } from "@waystone/engine/retry/retry-after";
import { decideRetry } from "@waystone/engine/retry/retry-decision";
import { type AttemptFailure, type AttemptJudge, UpstreamAttempt } from "./attempt.ts";
import { ErrorCode } from "../http/h2/connection-error.ts";
import type { ResponseHead } from "../http/message.ts";
import type { Exchange } from "./exchange.ts";
import { isOverGrpcTimeout } from "./grpc-timeout.ts";
import type { ProxyErrorKind } from "./proxy-error.ts";

/** The endpoint could not be had as it should be: another may be better. */
const connectErrors: ReadonlySet<ProxyErrorKind> = new Set([
  "connect-failed",
  "connect-timeout",
  "backend-tls",
]);

/** Endpoints tried for one connection: a few dead ones are stepped over, a dead Service is not waited for. */
const connectTries = 3;

/** Picks an endpoint and tries it; `failed` is picked again only where there is no other. */
export function startAttempt(exchange: Exchange, failed?: UpstreamAttempt, fresh = false): void {
  // Where an endpoint failed, its sessions move (as with Envoy): another one is asked.
  const endpoint =
    (failed === undefined ? exchange.session?.endpoint() : undefined) ??
    pickLeastRequest(exchange.backend!.endpoints, exchange.context.proxy.rng, failed?.endpoint);
  if (endpoint === undefined) return failWithoutEndpoint(exchange);
  if (exchange.attempts++ === 0)
    exchange.backend!.traffic?.retryBudget?.recordRequest(exchange.context.proxy.clock.now());
  exchange.endpoint = endpoint;
  const attempt = new UpstreamAttempt(exchange, endpoint, judge);
  exchange.attempt = attempt;
  attempt.start(fresh);
}

function failWithoutEndpoint(exchange: Exchange): void {
  const { unusable } = exchange.backend!;
  if (unusable === "") exchange.fail("no-healthy-upstream");
  else exchange.fail("backend-tls-unusable", unusable);
}

const judge: AttemptJudge = { wantsRetryOn, attemptFailed };

function wantsRetryOn(exchange: Exchange, { status, headers }: ResponseHead): boolean {
  const retry = exchange.rule?.rule.retry;
  if (retry === undefined || !retry.codes.includes(status)) return false;
  // Who asks to be left alone for longer than a retry waits is left alone: the client gets to know.
  if (retryAfterMs(headers.values("retry-after"), exchange.context.proxy.clock.wallMs()) > longestBackoffMs)
    return false;
  return decide(exchange, { kind: "status", status, error: "upstream-closed" }) === "retry";
}

function attemptFailed(exchange: Exchange, attempt: UpstreamAttempt, failure: AttemptFailure): void {
  if (exchange.isOver) return;
  exchange.upstreamFailure = failure.detail;
  if (stepsOver(exchange, failure)) {
    exchange.connectFailures++;
    return startAttempt(exchange, attempt);
  }
  switch (decide(exchange, failure)) {
    case "no":
      if (wasTooLate(exchange, failure)) return exchange.fail("upstream-timeout", failure.detail);
      return exchange.fail(failure.error, failure.detail, failure.resetCode);
    case "replace":
      // A connection that was closed is replaced; a request that was refused is one more for endpoints that are full already.
      if (failure.kind === "refused" && !takeFromBudget(exchange))
        return exchange.fail("retry-budget-spent", failure.detail);
      exchange.replacements++;
      // Endpoints that refuse may be full: another one is asked. A connection that was closed says nothing of its endpoint.
      return failure.kind === "refused"
        ? startAttempt(exchange, attempt)
        : startAttempt(exchange, undefined, true);
    case "retry": {
      const { clock, rng } = exchange.context.proxy;
      if (!takeFromBudget(exchange)) return exchange.fail("retry-budget-spent", failure.detail);
      exchange.retries++;
      const pauseMs = backoffMs(exchange.rule!.rule.retry!.backoffMs, exchange.retries, rng);
      const leastMs = failure.retryAfterMs ?? 0;
      exchange.pause = clock.after(Math.max(pauseMs, leastMs), () =>
        exchange.guard(() => startAttempt(exchange, attempt)),
      );
      return;
    }
  }
}

/** The endpoint gave the call up because its client waits no longer. */
function wasTooLate(exchange: Exchange, { resetCode }: AttemptFailure): boolean {
  if (exchange.grpc === undefined || exchange.responseStarted || resetCode !== ErrorCode.cancel) return false;
  const afterMs = exchange.context.proxy.clock.now() - exchange.startedAt;
  return isOverGrpcTimeout(exchange.headerValues("grpc-timeout"), afterMs);
}

/** False: the Service has had its share of retries (GEP-3388); the answer is then 503, whatever the failure was. */
function takeFromBudget({ backend, context }: Exchange): boolean {
  return backend?.traffic?.retryBudget?.takeRetry(context.proxy.clock.now()) ?? true;
}

/** Nothing was sent, and there are other endpoints: one of them is asked, unless the rule wants no retries at all. */
function stepsOver(exchange: Exchange, { kind, error }: AttemptFailure): boolean {
  if (kind !== "connect" || !connectErrors.has(error)) return false;
  if (exchange.rule?.rule.retry?.attempts === 0) return false;
  return exchange.connectFailures < connectTries - 1 && exchange.backend!.endpoints.length > 1;
}

function decide(
  exchange: Exchange,
  failure: Pick<AttemptFailure, "kind" | "status" | "error">,
): ReturnType<typeof decideRetry> {
  // Overflow and forbidden addresses are ours: trying again would not help.
  if (failure.error === "pool-overflow" || failure.error === "forbidden-address") return "no";
  return decideRetry(exchange.rule?.rule.retry, {
    kind: failure.kind,
    status: failure.status,
    method: exchange.method,
    bodyReplayable: exchange.body === undefined || exchange.body.isReplayable,
    responseStarted: exchange.responseStarted,
    retries: exchange.retries,
    replacements: exchange.replacements,
  });
}
