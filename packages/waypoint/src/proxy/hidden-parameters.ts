/**
 * Query parameters that no log shows, as some policy looks for credentials in them. Of all policies together: a request may be refused
 * before it is known which of them it is about, or by one of them while it shows what it has for another.
 */
import type { StoredPolicy } from "../store/policies.ts";

type Policies = ReadonlyMap<string, StoredPolicy>;

/** By the policies of a snapshot, which are another map where one has changed. */
const known = new WeakMap<Policies, readonly string[]>();

export function hiddenParameters(policies: Policies): readonly string[] {
  let names = known.get(policies);
  if (names === undefined) known.set(policies, (names = collect(policies)));
  return names;
}

function collect(policies: Policies): readonly string[] {
  const names = new Set<string>();
  for (const { spec } of policies.values()) {
    if (spec.case !== "authentication") continue;
    const { jwt, apiKeys } = spec.authentication;
    for (const { places } of [...(jwt?.providers ?? []), ...(apiKeys === undefined ? [] : [apiKeys])])
      for (const { type, name } of places) if (type === "query") names.add(name);
  }
  return [...names];
}
