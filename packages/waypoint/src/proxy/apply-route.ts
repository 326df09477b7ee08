/**
 * What a route makes of a request, done to it before the Service that it leads to is asked: that Service's policies, authorizers and
 * identity headers are about what it gets. Else whoever writes routes for their own clients, or for a Service of their own, would write
 * the way past other people's policies. The port that the request came in on goes on to be asked about what came.
 */
import type { AuthorizationRequest, ClientView } from "@waystone/engine/authorization/authorization-request";
import { isChangedByOthers, routeChanges } from "@waystone/engine/route/route-changes";
import type { Matched, RequestView } from "@waystone/engine/route/route";
import { changeHead, withAuthority } from "../http/changed-head.ts";
import type { RequestHead } from "../http/message.ts";
import type { Backend } from "../store/snapshot.ts";
import type { Exchange } from "./exchange.ts";
import { sortModifier } from "./sort-modifier.ts";

/** As it came: what is matched again, and judged again at its port, when the configuration changes. */
export class ReceivedRequest implements AuthorizationRequest, RequestView {
  readonly head: RequestHead;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  /** Who agreed to it like this. */
  readonly agreed: ReadonlySet<string> | undefined;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.head = exchange.head;
    this.method = exchange.method;
    this.host = exchange.host;
    this.path = exchange.path;
    this.query = exchange.query;
    this.agreed = exchange.agreed;
  }

  get client(): ClientView {
    return this.#exchange.client;
  }

  headerValues(name: string): readonly string[] {
    return this.head.headers.values(name);
  }

  timeMs(): number {
    return this.#exchange.timeMs();
  }

  expressionFailed(policy: string): void {
    this.#exchange.expressionFailed(policy);
  }
}

/** A Service's owner has a say beside that of the port that the request came in on: of another Service, or of what others make of it. */
export function hasOwnSay({ context, rule, routeBackend }: Exchange, backend: Backend): boolean {
  if (backend.key !== context.acceptedPort.key) return true;
  return rule !== undefined && isChangedByOthers(rule.rule, routeBackend, backend.serviceNamespace);
}

/** Once per exchange. What was agreed to before was another request. */
export function applyRoute(exchange: Exchange, matched: Matched): void {
  const changes = routeChanges(matched, exchange.routeBackend, exchange.path);
  if (changes === undefined && !hasOwnSay(exchange, exchange.backend!)) return;
  exchange.received = new ReceivedRequest(exchange);
  exchange.agreed = undefined;
  if (changes === undefined) return;
  const { path, hostname, modifiers } = changes;
  exchange.path = path;
  const { dropped } = exchange.context.forwarding();
  const sorted = modifiers.map((each) => sortModifier(each, dropped));
  exchange.head = changeHead(
    exchange.head,
    sorted.flatMap(({ changes: each }) => each),
  );
  exchange.modifiersLeft = sorted.flatMap(({ left }) => left ?? []);
  if (hostname === "") return;
  exchange.host = hostname;
  exchange.head = withAuthority(exchange.head, hostname);
}
