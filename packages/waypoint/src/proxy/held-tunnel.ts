/**
 * A WebSocket tunnel among the worker's long-lived ones: asked again when its port's configuration changes, by the request
 * that opened it. It stays while that request would be let through to the Service that the tunnel leads to, whatever the
 * weight; else it is reset, and its log line says why.
 */
import type { Snapshot } from "../store/snapshot.ts";
import { objectionNow, type Objection } from "./authorize.ts";
import type { Exchange } from "./exchange.ts";
import type { LongLived, LongLivedSeat } from "./long-lived.ts";
import { leadsTo, matchRoute, servedPort } from "./match-route.ts";

export class HeldTunnel implements LongLived {
  readonly #exchange: Exchange;
  #seat: LongLivedSeat | undefined = undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** May be over when it returns, by what changed between the request and the answer that made it a tunnel. */
  hold(): void {
    const { longLived, current } = this.#exchange.context.proxy;
    this.#seat = longLived.add(this);
    if (current().listeners.has(this.listenKey)) this.recheck(current());
  }

  get listenKey(): string {
    return this.#exchange.context.listenKey;
  }

  recheck(snapshot: Snapshot): void {
    const objection = objectionTo(this.#exchange, snapshot);
    if (objection !== undefined) this.#exchange.fail(objection.kind, objection.detail);
  }

  destroy(): void {
    this.#exchange.fail("internal", "whether it may go on could not be found out");
  }

  /** The tunnel is over. */
  release(): void {
    if (this.#seat !== undefined) this.#exchange.context.proxy.longLived.delete(this.#seat);
  }
}

/** Why the request would not get this tunnel now. */
function objectionTo(exchange: Exchange, snapshot: Snapshot): Objection | undefined {
  const { context, backend } = exchange;
  const port = servedPort(context, snapshot);
  if (port === undefined) return { kind: "not-served", detail: "the Service's port has gone" };
  if (port.protocol !== "http") return { kind: "not-served", detail: "the Service's port is no longer HTTP" };
  const matched = matchRoute(context, exchange, port);
  if (matched === "none") return { kind: "no-route", detail: "no route matches any more" };
  const denial = objectionNow(exchange, snapshot);
  if (denial !== undefined) return denial;
  const key = backend?.key ?? "";
  if (matched === undefined) return key === port.backend.key ? undefined : gone(key);
  const { rule } = matched;
  return rule.redirect === undefined && leadsTo(rule, key) ? undefined : gone(key);
}

function gone(backend: string): Objection {
  return { kind: "no-route", detail: `no route leads to ${backend} any more` };
}
