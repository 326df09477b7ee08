/**
 * Which routes are attached to which Service, whether that Service is known yet or not. Routes of the Service's own
 * namespace are its producer routes; those of another namespace rule only the clients of that namespace (GEP-1294).
 */
import type { Route } from "@waystone/engine/route/route";
import { type BuildTable, type PortTable, PortTables } from "./port-tables.ts";

const noTables: ReadonlyMap<string, never> = new Map<string, never>();

/** One for routes that serve requests, one for those that pass connections on. */
export class RouteAttachments<Table extends PortTable<Table>> {
  readonly #build: BuildTable<Table>;
  /** By Service "<namespace>/<name>", then by the routes' namespace. */
  readonly #services = new Map<string, Map<string, PortTables<Table>>>();
  readonly #touched = new Set<string>();

  constructor(build: BuildTable<Table>) {
    this.#build = build;
  }

  attach(route: Route): void {
    for (const { service, port } of route.parents) {
      this.#touched.add(service);
      let namespaces = this.#services.get(service);
      if (namespaces === undefined) this.#services.set(service, (namespaces = new Map()));
      let tables = namespaces.get(route.namespace);
      if (tables === undefined) namespaces.set(route.namespace, (tables = new PortTables(this.#build)));
      tables.attach(port, route);
    }
  }

  detach(route: Route): void {
    for (const { service, port } of route.parents) {
      this.#touched.add(service);
      this.#services.get(service)?.get(route.namespace)?.detach(port, route);
    }
  }

  /** Makes all tables current; the Services that are concerned. */
  commit(): ReadonlySet<string> {
    const touched = new Set(this.#touched);
    this.#touched.clear();
    for (const service of touched) {
      const namespaces = this.#services.get(service);
      if (namespaces === undefined) continue;
      for (const [namespace, tables] of namespaces) {
        tables.commit();
        if (tables.isEmpty) namespaces.delete(namespace);
      }
      if (namespaces.size === 0) this.#services.delete(service);
    }
    return touched;
  }

  producer(service: string, port: number): Table | undefined {
    return this.#services.get(service)?.get(namespaceOf(service))?.table(port);
  }

  consumer(service: string, port: number): ReadonlyMap<string, Table> {
    const own = namespaceOf(service);
    const found = new Map<string, Table>();
    for (const [namespace, tables] of this.#services.get(service) ?? []) {
      const table = namespace === own ? undefined : tables.table(port);
      if (table !== undefined) found.set(namespace, table);
    }
    return found.size === 0 ? noTables : found;
  }
}

function namespaceOf(service: string): string {
  return service.slice(0, service.indexOf("/"));
}
