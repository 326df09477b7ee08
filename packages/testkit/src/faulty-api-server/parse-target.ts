/** A request's path and query, as the API server reads them. */
import type { StoredKind } from "./stored-kind.ts";

export interface Target {
  readonly kind: StoredKind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Undefined where no kind is at that path. */
export function parseTarget(path: string, kinds: readonly StoredKind[]): Target | undefined {
  const segments = path
    .split("/")
    .filter((each) => each !== "")
    .map(decodeURIComponent);
  const [root, ...rest] = segments;
  const isCore = root === "api";
  if (!isCore && root !== "apis") return undefined;
  const group = isCore ? "" : rest.shift();
  const version = rest.shift();
  const isNamespaced =
    rest[0] === "namespaces" && rest.length > 2 && rest[2] !== "status" && rest[2] !== "finalize";
  const namespace = isNamespaced ? rest[1] : undefined;
  const [plural, name, subresource, more] = isNamespaced ? rest.slice(2) : rest;
  const kind = kinds.find(
    (each) => each.group === group && each.version === version && each.plural === plural,
  );
  if (kind === undefined || more !== undefined) return undefined;
  return { kind, namespace, name, subresource };
}
