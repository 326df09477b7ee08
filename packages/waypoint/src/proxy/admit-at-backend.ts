/**
 * Where a request leads to somebody beside the Service that it came to, they are asked too: whom its backendRef names, and the owner of
 * the Service that it goes to.
 */
import type { Program } from "@waystone/engine/authorization/program";
import type { Matched } from "@waystone/engine/route/route";
import type { Snapshot } from "../store/snapshot.ts";
import { applyRoute, hasOwnSay } from "./apply-route.ts";
import { keepAgreed } from "./asked-as.ts";
import { mayAskAuthorizers, whenAuthorizersAgree } from "./ask-authorizers.ts";
import { authenticate } from "./authenticate.ts";
import { admit, authAtBackend, unlessForbiddenSince } from "./authorize.ts";
import type { Exchange } from "./exchange.ts";
import { whenIdentified } from "./when-identified.ts";

/** To a Service whose owner has a say beside that of the port's; or copies of it do; or the backendRef has somebody asked, or may have by now. */
export function leadsElsewhere(exchange: Exchange, snapshot: Snapshot): boolean {
  const { backend, rule, routeBackend, context } = exchange;
  if (rule === undefined) return false;
  if (routeBackend?.externalAuth !== undefined || context.proxy.current() !== snapshot) return true;
  if (hasOwnSay(exchange, backend!)) return true;
  return rule.mirrors.length > 0 || rule.backendMirrors.length > 0;
}

/** The port's own policies have been asked. */
export function admitAtBackend(
  exchange: Exchange,
  matched: Matched | undefined,
  snapshot: Snapshot,
  goOn: () => void,
): void {
  const { rule } = exchange;
  const backend = exchange.backend!;
  const mirrors = [...rule!.mirrors, ...rule!.backendMirrors.flat()];
  const isToBeAsked = hasOwnSay(exchange, backend);
  const program = isToBeAsked ? backend.program : undefined;
  const filter = authAtBackend(exchange, rule);
  const isAsked = [filter, ...[backend, ...mirrors].map((each) => each?.program)].some(
    (each) => each?.readsIdentity === true,
  );
  const askFor = (who: Program | undefined, next: () => void): void => {
    const judgeBy = (): void => {
      if (admit(exchange, who)) next();
    };
    if (mayAskAuthorizers(exchange, who, snapshot)) whenAuthorizersAgree(exchange, who, snapshot, judgeBy);
    else judgeBy();
  };
  const unlessForbidden = (next: () => void): void => unlessForbiddenSince(exchange, snapshot, next);
  const askOwner = (): void => {
    // Behind all that the route does, so that its owner has the last word on what it gets.
    if (matched !== undefined) applyRoute(exchange, matched);
    if (!isToBeAsked) return goOn();
    authenticate(exchange, backend.authentication, () => {
      if (backend.key === exchange.context.acceptedPort.key) keepAgreed(exchange);
      unlessForbidden(() => askFor(program, goOn));
    });
  };
  whenIdentified(exchange, isAsked, () => unlessForbidden(() => askFor(filter, askOwner)));
}
