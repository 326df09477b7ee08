/**
 * Finds out what kind of object a manifest is. People keep their manifests together, so the kinds of others are passed over;
 * but a slip of the pen in one of our kinds must not be: a route that is silently ignored is worse than an error.
 */
import { gatewayGroup, waystoneGroup } from "@waystone/api/names";
import { suggest } from "@waystone/base/suggest";
import { apiVersionOf, joinApiVersion, knownKinds, type KnownKind, splitApiVersion } from "./known-kinds.ts";

export type Recognised =
  | { readonly is: "known"; readonly kind: KnownKind }
  | { readonly is: "foreign" }
  | {
      readonly is: "wrong";
      readonly field: "apiVersion" | "kind";
      readonly message: string;
      readonly hint: string;
      /** The kind that was probably meant. */
      readonly meant?: KnownKind;
    };

export function recogniseKind(apiVersion: string, kind: string): Recognised {
  const { group, version } = splitApiVersion(apiVersion);
  const kinds = knownKinds();
  const exact = kinds.find((candidate) => candidate.kind === kind && candidate.group === group);
  if (exact !== undefined) {
    if (exact.versions.includes(version)) return { is: "known", kind: exact };
    const versions = exact.versions.map((each) => joinApiVersion(group, each));
    return wrong(
      "apiVersion",
      `${kind} has no version ${JSON.stringify(apiVersion)}`,
      `known: ${versions.join(", ")}`,
      exact,
    );
  }
  if (group === waystoneGroup) {
    const message = `${kind} of ${apiVersion} is not served by this version of waystone`;
    return wrong(
      "kind",
      message,
      "what it asks for is not in force; remove it, or use a version that serves it",
    );
  }
  return recogniseSlip(apiVersion, group, kind, kinds) ?? { is: "foreign" };
}

function recogniseSlip(
  apiVersion: string,
  group: string,
  kind: string,
  kinds: readonly KnownKind[],
): Recognised | undefined {
  const sameKind = kinds.find((candidate) => candidate.kind === kind);
  // "Service" of serving.knative.dev and "Gateway" of networking.istio.io are other people's kinds.
  if (sameKind !== undefined && isNear(group, sameKind.group)) {
    const message = `${kind} is not in ${JSON.stringify(apiVersion)}`;
    return wrong("apiVersion", message, `did you mean ${apiVersionOf(sameKind)}?`, sameKind);
  }
  const isOurGroup = group === gatewayGroup || kinds.some((candidate) => candidate.group === group);
  const sameCase = kinds.find(
    (candidate) => candidate.kind.toLowerCase() === kind.toLowerCase() && isNear(group, candidate.group),
  );
  const inGroup = kinds.filter((candidate) => candidate.group === group);
  const names = inGroup.map((candidate) => candidate.kind);
  const close = isOurGroup ? suggest(kind, names) : undefined;
  const meant = sameCase ?? inGroup.find((candidate) => candidate.kind === close);
  if (meant !== undefined) return wrong("kind", `${kind} is not known`, `did you mean ${meant.kind}?`, meant);
  if (group === gatewayGroup) {
    return wrong("kind", `${kind} is not in ${gatewayGroup}`, `kinds there: ${names.join(", ")}`);
  }
  return undefined;
}

/** A group that is ours but for a slip, or that was forgotten. */
function isNear(group: string, ours: string): boolean {
  return group === ours || group === "" || (ours !== "" && suggest(group, [ours]) !== undefined);
}

function wrong(field: "apiVersion" | "kind", message: string, hint: string, meant?: KnownKind): Recognised {
  return { is: "wrong", field, message, hint, ...(meant && { meant }) };
}
