/** What Route and Policy resources begin with: whose they are, and what decides where two want one thing. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";

export interface ResourceHead<Kind extends string> {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly createdAtSeconds: number;
}

export function resourceHead<Kind extends string>(
  object: KubernetesObject & { readonly kind: Kind },
): ResourceHead<Kind> {
  const { kind, metadata } = object;
  return {
    kind,
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    generation: metadata.generation ?? 0,
    createdAtSeconds: createdAtSeconds(object),
  };
}

/** Unix time; 0 where unknown (files), so that names decide there. */
export function createdAtSeconds({ metadata }: KubernetesObject): number {
  const created = Date.parse(metadata.creationTimestamp ?? "");
  return Number.isNaN(created) ? 0 : Math.floor(created / 1000);
}
