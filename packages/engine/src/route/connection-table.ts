/**
 * The TLSRoutes or TCPRoutes of one Service port and of one namespace, for connections that are passed on as they are. Where
 * a TLSRoute is among them the name that the client asks for decides, and TCPRoutes do not apply (GEP-1294's order). The
 * most specific name goes first: the name itself, then the longest wildcard, then routes without hostnames. Among equals
 * the oldest route goes first, then "{namespace}/{name}". Immutable, as RouteTable is.
 */
import { compareRoutes } from "./precedence.ts";
import type { Route, RouteRule } from "./route.ts";
import type { RouteChanges } from "./route-table.ts";

export interface ConnectionEntry {
  /** "*.shop" for a wildcard, "*" for any name and none. */
  readonly serverName: string;
  readonly rule: RouteRule;
}

export class ConnectionTable {
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #exact = new Map<string, RouteRule>();
  /** By what follows the asterisk: ".shop". */
  readonly #wildcards = new Map<string, RouteRule>();
  #any: RouteRule | undefined = undefined;
  /** Whether the client's ClientHello has to be read. */
  readonly readsServerName: boolean;

  constructor(routes: ReadonlyMap<string, Route>) {
    this.#routes = routes;
    const ordered = [...routes.values()].toSorted(compareRoutes);
    const named = ordered.filter(({ kind }) => kind === "TLSRoute");
    this.readsServerName = named.length > 0;
    for (const route of this.readsServerName ? named : ordered) this.#file(route);
  }

  /** `serverName` in normal form (server-name.ts), "" for none. Undefined: no route takes it. */
  match(serverName: string): RouteRule | undefined {
    const exact = this.#exact.get(serverName);
    if (exact !== undefined) return exact;
    // From the left, so that the longest comes first; a wildcard stands for one label or more (GEP-2643), never for none.
    for (let dot = serverName.indexOf("."); dot !== -1; dot = serverName.indexOf(".", dot + 1)) {
      const wildcard = this.#wildcards.get(serverName.slice(dot));
      if (wildcard !== undefined) return wildcard;
    }
    return this.#any;
  }

  route(key: string): Route | undefined {
    return this.#routes.get(key);
  }

  /** Made anew: a port has few routes, and a connection is rarer than a request. */
  with({ remove = [], add = [] }: RouteChanges): ConnectionTable {
    const routes = new Map(this.#routes);
    for (const key of remove) routes.delete(key);
    for (const route of add) routes.set(route.key, route);
    return new ConnectionTable(routes);
  }

  /** In order of precedence. */
  entries(): readonly ConnectionEntry[] {
    const byName = (a: ConnectionEntry, b: ConnectionEntry): number => (a.serverName < b.serverName ? -1 : 1);
    const exact = [...this.#exact].map(([serverName, rule]) => ({ serverName, rule }));
    const wildcards = [...this.#wildcards].map(([suffix, rule]) => ({ serverName: `*${suffix}`, rule }));
    const longestFirst = wildcards
      .toSorted(byName)
      .toSorted((a, b) => b.serverName.length - a.serverName.length);
    const any = this.#any === undefined ? [] : [{ serverName: "*", rule: this.#any }];
    return [...exact.toSorted(byName), ...longestFirst, ...any];
  }

  /** Behind all that go before it: what has a place keeps it. */
  #file(route: Route): void {
    const [rule] = route.rules;
    if (rule === undefined) return;
    if (route.hostnames.length === 0) this.#any ??= rule;
    for (const hostname of route.hostnames) {
      const isWildcard = hostname.startsWith("*");
      const [table, name] = isWildcard ? [this.#wildcards, hostname.slice(1)] : [this.#exact, hostname];
      if (!table.has(name)) table.set(name, rule);
    }
  }
}

export function buildConnectionTable(routes: Iterable<Route>): ConnectionTable {
  return new ConnectionTable(new Map([...routes].map((route) => [route.key, route])));
}

/** Routes of these kinds pass connections on; those of the others serve requests. */
export function isConnectionRoute({ kind }: Pick<Route, "kind">): boolean {
  return kind === "TLSRoute" || kind === "TCPRoute";
}
