/**
 * The request's trailers that go on. An endpoint may merge them into the headers (RFC 9110 6.5.1), which policies have judged and said
 * something in by then: so nothing passes in them under a name that decided about the request, or that is for policies to set.
 */
import { allJudged, type JudgedHeaders } from "@waystone/engine/authorization/judged-headers";
import { planAt } from "@waystone/engine/authentication/port-plans";
import { programAt } from "@waystone/engine/authorization/port-programs";
import { findTwins } from "@waystone/engine/headers/header-twins";
import type { HeaderBlock } from "../http/header-block.ts";
import type { Backend } from "../store/snapshot.ts";
import { hasOwnSay } from "./apply-route.ts";
import { type Decider, decidersNow } from "./authorize.ts";
import type { Exchange } from "./exchange.ts";
import { namesThatMayBeTwins } from "./identity-headers.ts";

/** For the endpoint that the request goes to. */
export function trailersOf(exchange: Exchange, trailers: HeaderBlock | undefined): HeaderBlock | undefined {
  if (trailers === undefined) return undefined;
  // Whoever was asked saw all of the headers, and may have gone by any.
  if (exchange.agreed !== undefined || exchange.received?.agreed !== undefined) return undefined;
  return without(trailers, [...exchange.claimed, ...decidersOf(exchange).flatMap(namesOf)]);
}

/** For a mirror, of what trailersOf lets pass: its Service's policies have judged the copy. */
export function trailersFor(
  { authentication: plan, program }: Backend,
  trailers: HeaderBlock | undefined,
): HeaderBlock | undefined {
  return trailers === undefined ? undefined : without(trailers, namesOf({ plan, program }));
}

type Judges = Pick<Decider, "plan" | "program">;

/** By the configuration that it began with, and by the one that it may have been judged by since. */
function decidersOf(exchange: Exchange): Judges[] {
  const { port, rule, backend, context } = exchange;
  const matched = rule === undefined ? undefined : { rule: rule.rule };
  const policies = port?.policies;
  const begun: Judges[] = [
    ...(policies === undefined
      ? []
      : [{ plan: planAt(policies, matched), program: programAt(policies, matched) }]),
    ...(backend !== undefined && hasOwnSay(exchange, backend)
      ? [{ plan: backend.authentication, program: backend.program }]
      : []),
  ];
  return [...begun, ...decidersNow(exchange, context.proxy.current())];
}

function namesOf({ plan, program }: Judges): JudgedHeaders[] {
  const names: JudgedHeaders[] = [];
  if (program !== undefined) names.push(program.judgedHeaders);
  if (plan !== undefined) names.push(plan.shownIn);
  return names;
}

function without(trailers: HeaderBlock, judged: readonly JudgedHeaders[]): HeaderBlock | undefined {
  const names = allJudged(judged);
  if (names === "any") return undefined;
  if (names.size === 0) return trailers;
  const twins = findTwins(names, namesThatMayBeTwins(trailers, names));
  return trailers.without([...names, ...twins]);
}
