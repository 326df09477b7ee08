/**
 * The route tables of one Service for routes of one namespace. Most routes attach to every port: those make one table that
 * all ports share; a port gets a table of its own only while a route names it. A change touches its own tables alone, and
 * makes new ones that share what did not change (RouteTable.with).
 */
import type { Route } from "@waystone/engine/route/route";
import type { RouteChanges } from "@waystone/engine/route/route-table";

/** RouteTable for requests, ConnectionTable for connections that are passed on. */
export interface PortTable<Table> {
  route(key: string): Route | undefined;
  with(changes: RouteChanges): Table;
}

export type BuildTable<Table> = (routes: Iterable<Route>) => Table;

/** As in RouteParent: the route attaches to every port. */
const everyPort = 0;

export class PortTables<Table extends PortTable<Table>> {
  readonly #build: BuildTable<Table>;
  /** What is attached, by port and route key. */
  readonly #attached = new Map<number, Map<string, Route>>();
  /** The tables made of it, by port. */
  readonly #tables = new Map<number, Table>();
  /** Routes whose attachment changed since the last commit, by port. */
  readonly #touched = new Map<number, Set<string>>();

  constructor(build: BuildTable<Table>) {
    this.#build = build;
  }

  attach(port: number, route: Route): void {
    childOf(this.#attached, port, () => new Map<string, Route>()).set(route.key, route);
    childOf(this.#touched, port, () => new Set<string>()).add(route.key);
  }

  detach(port: number, route: Route): void {
    const routes = this.#attached.get(port);
    if (routes?.get(route.key) !== route) return;
    routes.delete(route.key);
    if (routes.size === 0) this.#attached.delete(port);
    childOf(this.#touched, port, () => new Set<string>()).add(route.key);
  }

  /** Makes the tables follow what was attached and detached. */
  commit(): void {
    const touched = new Map(this.#touched);
    this.#touched.clear();
    for (const port of new Set([...this.#attached.keys(), ...this.#tables.keys()])) {
      if (this.#attached.has(port)) this.#follow(port, touched);
      else this.#tables.delete(port);
    }
  }

  /** Undefined: no route is attached to the port. */
  table(port: number): Table | undefined {
    return this.#tables.get(port) ?? this.#tables.get(everyPort);
  }

  get isEmpty(): boolean {
    return this.#attached.size === 0;
  }

  #follow(port: number, touched: ReadonlyMap<number, ReadonlySet<string>>): void {
    const everywhere = this.#attached.get(everyPort);
    const here = this.#attached.get(port);
    const table = this.#tables.get(port);
    if (table === undefined) {
      const routes = new Map([...(everywhere ?? []), ...(here ?? [])]);
      this.#tables.set(port, this.#build(routes.values()));
      return;
    }
    const remove: string[] = [];
    const add: Route[] = [];
    for (const key of new Set([...(touched.get(everyPort) ?? []), ...(touched.get(port) ?? [])])) {
      const wanted = here?.get(key) ?? everywhere?.get(key);
      if (wanted === undefined) remove.push(key);
      else if (wanted !== table.route(key)) add.push(wanted);
    }
    this.#tables.set(port, table.with({ remove, add }));
  }
}

function childOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
