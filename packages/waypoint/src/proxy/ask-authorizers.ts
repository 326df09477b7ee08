/**
 * The step before a request is judged: every authorizer that has to be asked about it (CUSTOM) is, one after the other, and what they
 * change of its headers is what is judged and forwarded. Meanwhile the exchange waits; when it goes on, the configuration in force
 * has its say too. Shadowed ones are asked beside that: nobody waits for them, and of what they say comes a count and a log entry.
 */
import { nextToAsk, type ToAsk } from "@waystone/engine/authorization/decide";
import type { Authorizer } from "@waystone/engine/authorization/authorizer";
import { findObstacle } from "@waystone/engine/authorization/port-programs";
import type { Program } from "@waystone/engine/authorization/program";
import { corsResponseHeaderNames } from "@waystone/engine/route/cors";
import type { HeaderLine } from "@waystone/engine/headers/header-line";
import type { AuthorizerOutcome } from "../authorizer/authorizer-metrics.ts";
import { buildGrpcQuestion, readGrpcAnswer } from "../authorizer/grpc-check.ts";
import { buildHttpQuestion, readHttpAnswer } from "../authorizer/http-check.ts";
import { Inquiry } from "../authorizer/inquiry.ts";
import type { RequestFacts } from "../authorizer/request-facts.ts";
import type { Verdict } from "../authorizer/verdict.ts";
import { changeHead } from "../http/changed-head.ts";
import { hasNoBody } from "../http/has-no-body.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { type Decider, decidersNow, nextAuthorizer, objectionNow } from "./authorize.ts";
import { AskedAs } from "./asked-as.ts";
import { whenBodyIsHeld } from "./body-for-authorizer.ts";
import { describeRequest } from "./describe-request.ts";
import type { Exchange } from "./exchange.ts";
import { dropClaims } from "./identity-headers.ts";

/** False, and cheap to tell: the request goes on at once. */
export function mayAskAuthorizers(
  exchange: Exchange,
  program: Program | undefined,
  begun: Snapshot,
): boolean {
  if (program !== undefined && (program.customs.length > 0 || (program.shadow?.customs.length ?? 0) > 0))
    return true;
  // It waited before (for who the client is), and policies may have come meanwhile.
  return exchange.context.proxy.current() !== begun;
}

/**
 * Goes on when all have agreed; else the exchange is answered. `begun`: the configuration that the request began with; what is asked
 * for by the one in force when it goes on is asked too.
 */
export function whenAuthorizersAgree(
  exchange: Exchange,
  program: Program | undefined,
  begun: Snapshot,
  goOn: () => void,
): void {
  if (program !== undefined) askShadowed(exchange, program);
  askEach(exchange, program, begun, goOn);
}

function askEach(exchange: Exchange, program: Program | undefined, begun: Snapshot, goOn: () => void): void {
  const now = exchange.context.proxy.current();
  const deciders: Asking[] = program === undefined ? [] : [{ program, request: exchange }];
  if (now !== begun) deciders.push(...decidersNow(exchange, now));
  const next = firstToAsk(exchange, deciders);
  if (next !== undefined) return askInForce(exchange, next, () => askEach(exchange, program, begun, goOn));
  const objection = now === begun ? undefined : objectionNow(exchange, now);
  if (objection === undefined) goOn();
  else exchange.fail(objection.kind, objection.detail);
}

type Asking = Pick<Decider, "program" | "request">;

/** Nobody is asked about what is refused whatever they say. */
function firstToAsk({ context }: Exchange, deciders: readonly Asking[]): ToAsk | undefined {
  const isIdentityTold = context.identity() !== undefined;
  for (const { program, request } of deciders) {
    if (program === undefined || program.customs.length === 0) continue;
    if (program.unusable.length > 0) return undefined;
    if (findObstacle(program, request.path, isIdentityTold) !== undefined) return undefined;
    const next = nextAuthorizer(request, program);
    if (next !== undefined) return next;
  }
  return undefined;
}

function askInForce(exchange: Exchange, asked: ToAsk, goOn: () => void): void {
  const { provider } = asked.custom;
  exchange.askedAs ??= new AskedAs(exchange);
  const ask = (body: RequestFacts["body"]): void => {
    const inquiry = openInquiry(exchange, provider, body, (verdict, durationMs) => {
      exchange.inquiry = undefined;
      exchange.authorizerMs = Math.max(exchange.authorizerMs, 0) + durationMs;
      exchange.guard(() => {
        if (takeVerdict(exchange, asked, verdict, durationMs)) goOn();
      });
    });
    // One that was told at once may have begun the next.
    if (!inquiry.isOver) exchange.inquiry = inquiry;
  };
  if (provider.body === undefined || provider.invalid !== "") return ask(undefined);
  whenBodyIsHeld(exchange, provider.body, (seen) => exchange.guard(() => ask(seen)));
}

/** True: it goes on; else it is answered. */
function takeVerdict(
  exchange: Exchange,
  { custom, rule }: ToAsk,
  verdict: Verdict,
  durationMs: number,
): boolean {
  const { provider, policy } = custom;
  const { decisions, authorizers } = exchange.context.proxy;
  const outcome = outcomeOf(verdict, provider);
  authorizers.record(policy.key, "Enforce", outcome, durationMs);
  exchange.authorizerOutcome = outcome;
  const isLetThrough = outcome === "allowed" || outcome === "failed_open";
  const decision = isLetThrough ? rule.answers!.allowed : rule.answers!.denied;
  decisions.count(decision);
  exchange.decision = decision;
  if (isLetThrough) {
    (exchange.agreed ??= new Set()).add(provider.question);
    applyChanges(exchange, provider, verdict);
    return true;
  }
  if (verdict.outcome === "denied") {
    refuse(exchange, "authorizer-denied", `${policy.key} denies it`, verdict);
  } else {
    const reason = verdict.outcome === "error" ? verdict.reason : "";
    const { statusOnError: status } = provider;
    const body = "an external authorizer cannot be asked\n";
    refuse(exchange, "authorizer-error", `${policy.key}: ${reason}`, { status, headers: [], body });
  }
  return false;
}

function outcomeOf({ outcome }: Verdict, { failOpen, invalid }: Authorizer): AuthorizerOutcome {
  // What cannot be asked for a mistake in its configuration is no outage that one might want to live with.
  return outcome === "error" && failOpen && invalid === "" ? "failed_open" : outcome;
}

function applyChanges(exchange: Exchange, provider: Authorizer, verdict: Verdict): void {
  dropClaims(exchange, claimedBy(provider, verdict));
  if (verdict.outcome !== "allowed") return;
  const { changes, responseSet: set, responseAdd: add } = verdict;
  exchange.head = changeHead(exchange.head, changes);
  if (set.length === 0 && add.length === 0) return;
  const removeNames = new Set(set.map(({ lower }) => lower));
  exchange.responseModifiers = [...exchange.responseModifiers, { set, add, removeNames }];
}

/** What the endpoint hears from the authorizer, and from no client. */
function claimedBy({ headersToBackend }: Authorizer, verdict: Verdict): ReadonlySet<string> {
  const changes = verdict.outcome === "allowed" ? verdict.changes : [];
  const set = changes.flatMap((change) =>
    change.kind === "set" && !change.onlyIfThere ? change.header.lower : [],
  );
  return new Set([...(headersToBackend === "all" ? [] : headersToBackend), ...set]);
}

interface Said {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

function refuse(
  exchange: Exchange,
  kind: "authorizer-denied" | "authorizer-error",
  detail: string,
  { status, headers: said, body }: Said,
): void {
  const headers = exchange.isShownToPages
    ? said.filter(({ lower }) => !corsResponseHeaderNames.has(lower))
    : said;
  exchange.refuse(kind, detail, {
    status,
    headers: headers.map(({ line }) => line).join(""),
    body: hasNoBody(status, exchange.method) && exchange.method !== "HEAD" ? "" : body,
    saysContentType: headers.some(({ lower }) => lower === "content-type"),
  });
}

function openInquiry(
  exchange: Exchange,
  authorizer: Authorizer,
  body: RequestFacts["body"],
  tell: (verdict: Verdict, durationMs: number) => void,
): Inquiry {
  const { proxy } = exchange.context;
  const facts = describeRequest(exchange, body);
  const startedAt = proxy.clock.now();
  const isGrpc = authorizer.protocol === "grpc";
  return Inquiry.open({
    proxy,
    authorizer,
    question: isGrpc ? buildGrpcQuestion(authorizer, facts) : buildHttpQuestion(authorizer, facts),
    readAnswer: (answer) => (isGrpc ? readGrpcAnswer(answer) : readHttpAnswer(authorizer, answer)),
    tell: (verdict) => tell(verdict, proxy.clock.now() - startedAt),
  });
}

/** Without a body: it would have to be waited for. Not cancelled with the exchange: what they say is counted all the same. */
function askShadowed(exchange: Exchange, { shadow, destination }: Program): void {
  if (shadow === undefined || shadow.customs.length === 0) return;
  if (shadow.readsIdentity && exchange.context.identity() === undefined) return;
  const { decisions, authorizers } = exchange.context.proxy;
  for (const custom of shadow.customs) {
    const asked = nextToAsk([custom], destination, exchange, () => false);
    if (asked === undefined) continue;
    const { provider, policy } = custom;
    openInquiry(exchange, provider, undefined, (verdict, durationMs) => {
      const outcome = outcomeOf(verdict, provider);
      authorizers.record(policy.key, "Shadow", outcome, durationMs);
      const { allowed, denied } = asked.rule.answers!;
      const isDenied = outcome === "denied" || outcome === "error";
      decisions.count(isDenied ? denied : allowed);
      if (isDenied && !exchange.isOver) (exchange.shadowDenials ??= []).push(denied);
    });
  }
}
