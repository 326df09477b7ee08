/**
 * The routes of a waypoint, each compiled once: with the Backends that its rules hold, what it is attached to, and whether a policy is
 * about it. `apply` takes a delta into use at once; `commit` makes the tables of the Services that it touched.
 */
import { Route } from "@waystone/api/resources";
import { buildConnectionTable, isConnectionRoute } from "@waystone/engine/route/connection-table";
import type { Route as CompiledRoute, RouteRule } from "@waystone/engine/route/route";
import { routeFromResource } from "@waystone/engine/route/route-from-resource";
import { buildRouteTable, type RouteTable } from "@waystone/engine/route/route-table";
import type { EncodedResource, Rejected, ResourceDelta } from "@waystone/xds/resource";
import { AskingRouteIndex } from "./asking-routes.ts";
import type { BackendSet } from "./backend-set.ts";
import { convertUpserts } from "./convert-upserts.ts";
import { decodeResource, RefusedError } from "./decode-resource.ts";
import { isPolicedKind, PolicedRoutes } from "./policed-routes.ts";
import type { PolicyStore } from "./policies.ts";
import { RouteAttachments } from "./route-attachments.ts";
import type { AttachedRoutes } from "./served-ports.ts";
import { holdRule, releaseRule } from "./served-rule.ts";
import type { AskingRoutes, ServedRule } from "./snapshot.ts";

export interface StoredRoute {
  readonly route: CompiledRoute;
  readonly version: string;
  readonly rules: readonly ServedRule[];
}

export class RouteStore {
  readonly attachments: AttachedRoutes = {
    requests: new RouteAttachments(buildRouteTable),
    connections: new RouteAttachments(buildConnectionTable),
  };
  // Never asked for a rule that is not in the asker's snapshot, so that one index can serve them all; weak, so that a rule
  // goes with the last request that runs it.
  readonly rules = new WeakMap<RouteRule, ServedRule>();
  readonly #byName = new Map<string, StoredRoute>();
  readonly #policed = new PolicedRoutes();
  readonly #asking = new AskingRouteIndex();
  readonly #backends: BackendSet;
  readonly #policies: PolicyStore;

  constructor(backends: BackendSet, policies: PolicyStore) {
    this.#backends = backends;
    this.#policies = policies;
  }

  /** By "<Kind>/<namespace>/<name>". */
  get byName(): ReadonlyMap<string, StoredRoute> {
    return this.#byName;
  }

  apply(delta: ResourceDelta): Rejected[] {
    const { converted, rejected } = convertUpserts(delta, compileRoute);
    for (const name of delta.removals) if (!converted.has(name)) this.#replace(name, undefined);
    for (const [name, compiled] of converted) this.#replace(name, compiled);
    return rejected;
  }

  /** Those that have somebody asked themselves. */
  asking(): AskingRoutes {
    return this.#asking.current();
  }

  /** Those attached to the port that a policy is about, or that have somebody asked. */
  policedAt(service: string, port: number): CompiledRoute[] {
    return this.#policed.of(service, port);
  }

  /** The Services that the route is attached to; none of an unknown one. */
  parentsOf(name: string): string[] {
    return this.#byName.get(name)?.route.parents.map(({ service }) => service) ?? [];
  }

  /** The policies about the route may be others now. */
  settlePoliced(name: string): void {
    const slash = name.indexOf("/");
    const [kind, ownName] = [name.slice(0, slash), name.slice(slash + 1)];
    const isPoliced =
      isPolicedKind(kind) && (this.#policies.about(kind, ownName).size > 0 || this.#asking.has(name));
    this.#policed.settle(name, isPoliced ? this.#byName.get(name)?.route : undefined);
  }

  /** Makes all tables current; the Services that are concerned. */
  commit(): Iterable<string> {
    const { requests, connections } = this.attachments;
    return [...requests.commit(), ...connections.commit()];
  }

  #replace(name: string, next: Omit<StoredRoute, "rules"> | undefined): void {
    const before = this.#byName.get(name);
    // As with Services: a Backend that stays keeps its endpoints and their connections.
    if (next === undefined) this.#byName.delete(name);
    else {
      const rules = next.route.rules.map((rule) => holdRule(rule, this.#backends));
      for (const served of rules) this.rules.set(served.rule, served);
      this.#byName.set(name, { ...next, rules });
    }
    if (before !== undefined) {
      this.#attachmentsOf(before.route).detach(before.route);
      for (const served of before.rules) releaseRule(served, this.#backends);
    }
    if (next !== undefined) this.#attachmentsOf(next.route).attach(next.route);
    this.#asking.settle(name, next?.route);
    this.settlePoliced(name);
  }

  #attachmentsOf(route: CompiledRoute): Pick<RouteAttachments<RouteTable>, "attach" | "detach"> {
    return isConnectionRoute(route) ? this.attachments.connections : this.attachments.requests;
  }
}

function compileRoute(resource: EncodedResource): Omit<StoredRoute, "rules"> {
  const route = routeFromResource(decodeResource(resource, Route));
  if (route.key !== resource.name)
    throw new RefusedError(`named ${resource.name}, but its content says ${route.key}`);
  return { route, version: resource.version };
}
