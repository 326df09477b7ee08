/** rules[].backendRefs -> RouteBackend, with weights and their own filters. */
import type { HTTPBackendRef } from "@waystone/api/kubernetes/gateway";
import type { RouteBackendResource } from "@waystone/api/resources";
import { findBackend } from "./backend-reference.ts";
import { type FilterContext, translateFilters } from "./filters.ts";
import { describeFaults, Faults } from "./faults.ts";

/**
 * What is wrong with one backend answers 500 for its share alone; a backend of weight 0 gets nothing, whatever is wrong
 * with it. `faults` learns of all of it.
 */
export function translateBackends(
  context: FilterContext,
  refs: readonly HTTPBackendRef[] | undefined,
  at: string,
  faults: Faults,
): RouteBackendResource[] {
  return (refs ?? []).map((ref, position) => {
    const place = `${at}.backendRefs[${position}]`;
    const target = findBackend(context, ref, place, faults);
    const own = new Faults();
    const filters = translateFilters(context, ref.filters, place, own);
    faults.invalid.push(...own.invalid);
    faults.unresolved.push(...own.unresolved);
    const invalid = target.invalid ?? describeFaults(own.invalid);
    return {
      service: target.service,
      port: target.port,
      weight: ref.weight ?? 1,
      filters: invalid === "" ? filters : [],
      invalid,
    };
  });
}
