/**
 * The routes that a policy is about, or that ask somebody themselves (ExternalAuth), by the Services that they are attached to: what a port is refreshed for depends on its own
 * routes with policies, however many others there are.
 */
import type { TargetKind } from "@waystone/engine/authorization/policy";
import type { Route } from "@waystone/engine/route/route";

export class PolicedRoutes {
  /** By "<Kind>/<namespace>/<name>". */
  readonly #routes = new Map<string, Route>();
  /** By Service "<namespace>/<name>". */
  readonly #byService = new Map<string, Set<Route>>();

  /** Undefined: there is no such route, or no policy is about it. */
  settle(key: string, route: Route | undefined): void {
    const before = this.#routes.get(key);
    if (before === route) return;
    if (before !== undefined) this.#detach(before);
    if (route === undefined) this.#routes.delete(key);
    else this.#attach(key, route);
  }

  /** Those attached to the port. */
  of(service: string, port: number): Route[] {
    return [...(this.#byService.get(service) ?? [])].filter(({ parents }) =>
      parents.some((each) => each.service === service && (each.port === 0 || each.port === port)),
    );
  }

  #attach(key: string, route: Route): void {
    this.#routes.set(key, route);
    for (const { service } of route.parents) {
      const known = this.#byService.get(service);
      if (known === undefined) this.#byService.set(service, new Set([route]));
      else known.add(route);
    }
  }

  #detach(route: Route): void {
    for (const { service } of route.parents) {
      const known = this.#byService.get(service);
      known?.delete(route);
      if (known?.size === 0) this.#byService.delete(service);
    }
  }
}

/** Connections that are passed on know no policy of their route. */
export function isPolicedKind(kind: string): kind is Extract<TargetKind, "HTTPRoute" | "GRPCRoute"> {
  return kind === "HTTPRoute" || kind === "GRPCRoute";
}
