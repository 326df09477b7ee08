/** The routes of a scenario, the same for every peer: path prefixes that end at an element, all to one backend. */

export interface BenchRoutes {
  /** In order; "/" alone when there is one. */
  readonly prefixes: readonly string[];
  /** What the load asks for: in the middle of the table, with a path below the prefix. */
  readonly target: string;
}

export function buildRoutes(count: number): BenchRoutes {
  if (count === 1) return { prefixes: ["/"], target: "/api/v1/items/42" };
  const prefixes = Array.from({ length: count }, (_, at) => `/route-${String(at).padStart(4, "0")}`);
  return { prefixes, target: `${prefixes[count >> 1] ?? ""}/api/v1/items/42` };
}
