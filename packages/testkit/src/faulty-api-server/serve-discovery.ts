/** What is served: /version, /apis and the resources of a group's version. */
import type { JsonObject } from "./json.ts";
import { apiVersionOf, type StoredKind } from "./stored-kind.ts";

const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

/** Undefined for any other path. */
export function discover(path: string, kinds: readonly StoredKind[]): JsonObject | undefined {
  if (path === "/version") return { major: "1", minor: "36", gitVersion: "v1.36.3" };
  if (path === "/apis") return { kind: "APIGroupList", apiVersion: "v1", groups: groupsOf(kinds) };
  const served = kinds.filter((kind) => path === pathOf(kind));
  const [first] = served;
  if (first === undefined) return undefined;
  const resources = served.map(({ plural, kind, namespaced }) => ({ name: plural, kind, namespaced, verbs }));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersionOf(first), resources };
}

function pathOf({ group, version }: StoredKind): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

function groupsOf(kinds: readonly StoredKind[]): readonly JsonObject[] {
  const names = [...new Set(kinds.map(({ group }) => group))].filter((group) => group !== "");
  return names.map((name) => {
    const versions = [...new Set(kinds.filter(({ group }) => group === name).map(({ version }) => version))];
    const asListed = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions: asListed, preferredVersion: asListed[0] ?? {} };
  });
}
