/** Why an object that another one names by a field is not known here, where it may well exist. */
import type { FetchContext } from "@waystone/collection/collection";
import { watchedAtMost, watchedOfNamespaceAtMost } from "../model/named-limit.ts";
import type { RefusedName, Sources } from "../model/sources.ts";

/** Of a ConfigMap that is not known. `key`: "<namespace>/<name>". */
export function describeUnreadConfigMap(
  fetch: FetchContext,
  cluster: Sources["cluster"],
  key: string,
): string {
  const refused = cluster && fetch.get(cluster.refusedConfigMaps, key);
  if (refused === undefined) return `ConfigMap ${key} does not exist`;
  return refused.why === "forbidden"
    ? `the controller may not read ConfigMap ${key}`
    : describeCrowdedOut("ConfigMap", key, refused.why);
}

export function describeCrowdedOut(
  kind: "ConfigMap" | "Secret",
  key: string,
  why: Exclude<RefusedName["why"], "forbidden">,
): string {
  const namespace = key.slice(0, key.indexOf("/"));
  const [limit, others] =
    why === "too-many"
      ? [`${watchedAtMost} ${kind}s by name at a time`, "others"]
      : [`${watchedOfNamespaceAtMost} ${kind}s of one namespace by name at a time`, `others of ${namespace}`];
  return `${kind} ${key} is not read: the controller follows ${limit}, and ${others} were named before; it is read once one of them is not named any more`;
}
