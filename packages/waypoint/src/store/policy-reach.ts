/**
 * Which Services and routes a change of policies can touch: those of its targets, before and after; Services also by what
 * contains them.
 */
import type { PolicyTarget } from "@waystone/engine/authorization/policy";
import { isPolicedKind } from "./policed-routes.ts";
import type { PolicyChange } from "./policies.ts";
import type { StoredService } from "./service-from-resource.ts";

interface Known {
  readonly services: ReadonlyMap<string, StoredService>;
  /** "<Kind>/<namespace>/<name>" -> the Services that the route is attached to. */
  readonly parentsOf: (route: string) => readonly string[];
  /** "<namespace>/<gateway>" whose policies a Service has. */
  readonly gatewayOf: (service: StoredService) => string;
}

/** "<namespace>/<name>" of each, known or not. */
export function servicesInReach(changes: readonly PolicyChange[], known: Known): ReadonlySet<string> {
  const found = new Set<string>();
  const namespaces = new Set<string>();
  const gateways = new Set<string>();
  for (const { kind, name } of changes.flatMap(targetsOf)) {
    if (kind === "Service") found.add(name);
    else if (kind === "Namespace") namespaces.add(name);
    else if (kind === "Gateway") gateways.add(name);
    else for (const service of known.parentsOf(`${kind}/${name}`)) found.add(service);
  }
  if (namespaces.size === 0 && gateways.size === 0) return found;
  for (const service of known.services.values()) {
    if (namespaces.has(service.namespace) || gateways.has(known.gatewayOf(service))) found.add(service.key);
  }
  return found;
}

/** "<Kind>/<namespace>/<name>" of each. */
export function routesInReach(changes: readonly PolicyChange[]): ReadonlySet<string> {
  const targets = changes.flatMap(targetsOf);
  return new Set(targets.flatMap(({ kind, name }) => (isPolicedKind(kind) ? `${kind}/${name}` : [])));
}

function targetsOf({ before, after }: PolicyChange): readonly PolicyTarget[] {
  return [...(before?.targets ?? []), ...(after?.targets ?? [])];
}
