/** RequestHeaderModifier and ResponseHeaderModifier -> HeaderModifier. */
import type { HTTPHeader, HTTPHeaderFilter } from "@waystone/api/kubernetes/gateway";
import { compileHeaderModifier } from "@waystone/engine/headers/header-modifier";
import { checkWithEngine } from "./engine-checks.ts";
import type { Faults } from "./faults.ts";

export interface HeaderModifier {
  readonly set: HTTPHeader[];
  readonly add: HTTPHeader[];
  readonly remove: string[];
}

export function translateHeaderModifier(
  filter: HTTPHeaderFilter,
  at: string,
  faults: Faults,
): HeaderModifier {
  const modifier = {
    set: (filter.set ?? []).map(({ name, value }) => ({ name, value })),
    add: (filter.add ?? []).map(({ name, value }) => ({ name, value })),
    remove: [...(filter.remove ?? [])],
  };
  checkWithEngine(faults, (problems) => compileHeaderModifier(modifier, at, problems));
  return modifier;
}
