/** Why an object that another one names by a field is not known here, where it may well exist. */
import type { FetchContext } from "@waystone/collection/collection";
import { watchedAtMost } from "../model/named-limit.ts";
import type { Sources } from "../model/sources.ts";

/** Of a ConfigMap that is not known. `key`: "<namespace>/<name>". */
export function describeUnreadConfigMap(
  fetch: FetchContext,
  cluster: Sources["cluster"],
  key: string,
): string {
  const refused = cluster && fetch.get(cluster.refusedConfigMaps, key);
  if (refused === undefined) return `ConfigMap ${key} does not exist`;
  return refused.why === "too-many"
    ? describeCrowdedOut("ConfigMap", key)
    : `the controller may not read ConfigMap ${key}`;
}

export function describeCrowdedOut(kind: "ConfigMap" | "Secret", key: string): string {
  return `${kind} ${key} is not read: the controller follows ${watchedAtMost} ${kind}s by name at a time, and others were named before; it is read once one of them is not named any more`;
}
