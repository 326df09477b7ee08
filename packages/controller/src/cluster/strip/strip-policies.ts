/** Policies: all that is written in them is read. Their statuses are read again before they are written. */
import type { AuthorizationPolicy } from "@waystone/api/kubernetes/waystone";
import { waystoneGroup } from "@waystone/api/names";
import type { ShareString } from "./share-strings.ts";
import { stripMetadata } from "./strip-metadata.ts";

export function stripAuthorizationPolicy(
  { metadata, spec }: AuthorizationPolicy,
  share: ShareString,
): AuthorizationPolicy {
  return {
    apiVersion: `${waystoneGroup}/v1alpha1`,
    kind: "AuthorizationPolicy",
    metadata: stripMetadata(metadata, share, "written"),
    spec,
  };
}
