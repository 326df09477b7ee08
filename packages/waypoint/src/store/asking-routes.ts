/**
 * Routes that have somebody asked themselves (ExternalAuth): what is counted of that goes with them, as it does with a policy. Copied
 * once for each snapshot that differs, however many routes a delta brings.
 */
import type { Route } from "@waystone/engine/route/route";
import type { AskingRoutes } from "./snapshot.ts";

export class AskingRouteIndex {
  readonly #rules = new Map<string, ReadonlySet<string>>();
  #shown: AskingRoutes | undefined = undefined;

  /** Undefined: there is no such route any more. */
  settle(key: string, route: Route | undefined): void {
    const labels = route === undefined ? undefined : askingRules(route);
    if (labels === undefined && !this.#rules.has(key)) return;
    if (labels === undefined) this.#rules.delete(key);
    else this.#rules.set(key, labels);
    this.#shown = undefined;
  }

  has(key: string): boolean {
    return this.#rules.has(key);
  }

  /** As they are now, for good; the same map while nothing changes. */
  current(): AskingRoutes {
    return (this.#shown ??= new Map(this.#rules));
  }
}

/** The labels of the rules that ask, or one of whose backends does; undefined: none. */
function askingRules({ rules }: Route): ReadonlySet<string> | undefined {
  const labels = rules.flatMap(({ externalAuth, backends }) =>
    [externalAuth, ...backends.map((backend) => backend.externalAuth)].flatMap(
      (each) => each?.rules.map(({ label }) => label) ?? [],
    ),
  );
  return labels.length === 0 ? undefined : new Set(labels);
}
