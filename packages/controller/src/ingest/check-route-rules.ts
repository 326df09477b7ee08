/**
 * Rules that the CRDs of routes have in CEL and that translation does not judge, for files: an API server would not take the
 * object, so neither is it taken here.
 */
import type { HTTPRoute } from "@waystone/api/kubernetes/gateway";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { SchemaIssue } from "./schema-issue.ts";

const routeKinds: ReadonlySet<string> = new Set(["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"]);

export function checkRouteRules(object: KubernetesObject): SchemaIssue[] {
  if (!routeKinds.has(object.kind)) return [];
  // Told by its kind, after the schema of that kind has held; of rules all routes have the name.
  const rules = (object as HTTPRoute).spec?.rules ?? [];
  const places = new Map<string, number>();
  return rules.flatMap(({ name }, index): SchemaIssue[] => {
    const first = name === undefined ? undefined : places.get(name);
    if (name !== undefined && first === undefined) places.set(name, index);
    if (first === undefined) return [];
    const message = `rules[${first}] has the name ${name} already; names of rules are unique in a route`;
    return [{ path: ["spec", "rules", index, "name"], at: "value", message }];
  });
}
