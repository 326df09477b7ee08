/**
 * The session of one request (GEP-1619): the endpoint that its token names, and the token that its answer hands out. The
 * backend is picked before, by weight, and a session never changes that; within the backend it does. A token that names
 * nobody here, is over, or is no token, is as none.
 */
import { findCookies } from "@waystone/engine/session/find-cookies";
import type { SessionPolicy } from "@waystone/engine/session/session-policy";
import {
  decodeToken,
  encodeToken,
  isLive,
  maxEntries,
  maxTokenLength,
  type SessionEntry,
} from "@waystone/engine/session/session-token";
import { Known } from "../http/known-headers.ts";
import type { ResponseHead } from "../http/message.ts";
import type { Backend, Endpoint } from "../store/snapshot.ts";
import type { Exchange } from "./exchange.ts";
import { sessionIndex } from "./session-index.ts";

/** Cookies of one name, from other paths perhaps: the first few are looked at. */
const maxTokens = 4;

export function findSession(exchange: Exchange): void {
  // The rule's own goes before the backend's (design/0004-wire-and-routes.md).
  const policy = exchange.rule?.rule.session ?? exchange.backend!.traffic?.session;
  if (policy !== undefined) exchange.session = new Session(exchange, policy);
}

export class Session {
  readonly #exchange: Exchange;
  readonly #policy: SessionPolicy;
  /** What the client came with, and is not over. */
  readonly #entries: readonly SessionEntry[];

  constructor(exchange: Exchange, policy: SessionPolicy) {
    this.#exchange = exchange;
    this.#policy = policy;
    const wallMs = exchange.context.proxy.clock.wallMs();
    this.#entries = tokensOf(exchange, policy)
      .flatMap(decodeToken)
      .filter((entry) => isLive(entry, policy.absoluteTimeoutMs, wallMs))
      .slice(0, maxEntries);
  }

  /** Undefined: the session has no endpoint (any more) in this backend. */
  endpoint(): Endpoint | undefined {
    const { byHash } = sessionIndex(this.#exchange.backend!);
    for (const { hash } of this.#entries) {
      const endpoint = byHash.get(hash);
      if (endpoint !== undefined) return endpoint;
    }
    return undefined;
  }

  /** The line that hands out a token for the endpoint that answered; "" where the client has it. */
  line(response: ResponseHead): string {
    const { endpoint, backend } = this.#exchange;
    if (endpoint === undefined || endpoint === this.endpoint()) return "";
    // It left while it answered: whoever comes back starts anew.
    const hash = sessionIndex(backend!).hashes.get(endpoint);
    if (hash === undefined || isTakenBy(this.#policy, response)) return "";
    const startedAtSeconds = Math.floor(this.#exchange.context.proxy.clock.wallMs() / 1000);
    const token = encodeToken([{ hash, startedAtSeconds }, ...this.#entriesOfOthers()]);
    return this.#policy.linePrefix + token + this.#policy.lineSuffix;
  }

  /** Sessions with the rule's other backends go on. */
  #entriesOfOthers(): readonly SessionEntry[] {
    const { rule, backend } = this.#exchange;
    if (rule === undefined || this.#entries.length === 0) return [];
    const others = rule.backends.filter(
      (other): other is Backend => other !== undefined && other !== backend,
    );
    return this.#entries.filter(({ hash }) => others.some((other) => sessionIndex(other).byHash.has(hash)));
  }
}

function tokensOf(exchange: Exchange, policy: SessionPolicy): readonly string[] {
  const { head } = exchange.received ?? exchange;
  if (policy.type === "header") return head.headers.values(policy.name).slice(0, maxTokens);
  if (head.headers.indexOfKnown(Known.cookie) < 0) return [];
  return findCookies(head.headers.values("cookie"), policy.name, maxTokens, maxTokenLength);
}

/** An application that has a cookie or header of that name keeps it: its session is worth more than ours. */
function isTakenBy({ type, name }: SessionPolicy, { headers }: ResponseHead): boolean {
  if (type === "header") return headers.values(name).length > 0;
  return headers.values("set-cookie").some((value) => value.startsWith(`${name}=`));
}
