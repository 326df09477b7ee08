/** Whether an object may refer to one of another namespace: where a ReferenceGrant there says so (Gateway API, GEP-709). */
import type { FetchContext } from "@waystone/collection/collection";
import type { Sources } from "../../model/sources.ts";

export interface Referrer {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

export interface Referred extends Referrer {
  readonly name: string;
}

export function isReferenceGranted(
  fetch: FetchContext,
  { referenceGrants }: Pick<Sources, "referenceGrants">,
  from: Referrer,
  to: Referred,
): boolean {
  if (from.namespace === to.namespace) return true;
  return fetch.list(referenceGrants).some(({ object }) => {
    if (object.metadata.namespace !== to.namespace) return false;
    const isFrom = object.spec.from.some(
      ({ group, kind, namespace }) =>
        group === from.group && kind === from.kind && namespace === from.namespace,
    );
    return (
      isFrom &&
      object.spec.to.some(
        ({ group, kind, name }) =>
          group === to.group && kind === to.kind && (name === undefined || name === "" || name === to.name),
      )
    );
  });
}
