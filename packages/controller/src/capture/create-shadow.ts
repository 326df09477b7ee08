/**
 * Makes a front's shadow. Its name may be taken: by one that the watch has not shown yet, by one that somebody took labels or
 * owner from (`kubectl delete --cascade=orphan` of the front does) and that is nobody's shadow since, or by a Service of
 * somebody's own. The second is made what it was: without it a captured Service has no endpoints, and one to be captured waits
 * for ever.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys, managedBy } from "@waystone/api/names";
import { createObject, getObject, patchObject } from "@waystone/kube/objects/objects";
import { isAlreadyExists } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { isShadowOf, parseShadow } from "../model/shadow.ts";
import { newShadow, type ShadowSpec } from "./shadow-spec.ts";
import { fieldManager, services } from "./write-front.ts";

export type ShadowCreation =
  | { readonly is: "written"; readonly shadow: Service }
  /** It is there already: the watch will show it. */
  | { readonly is: "there"; readonly shadow: Service }
  /** Somebody deleted it meanwhile. */
  | { readonly is: "gone" };

/** Throws what the API server says, and whose Service is in the way. */
export async function createShadow(
  transport: Transport,
  front: Service,
  spec: ShadowSpec,
): Promise<ShadowCreation> {
  const wanted = newShadow(front, spec);
  try {
    return { is: "written", shadow: await createObject(transport, services, wanted, { fieldManager }) };
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown;
    const { namespace = "", name } = wanted.metadata;
    const found = await getObject<Service>(transport, services, { namespace, name });
    if (found === undefined) return { is: "gone" };
    if (isShadowOf(parseShadow(found), front)) return { is: "there", shadow: found };
    if (wasShadowOf(found, front)) return { is: "written", shadow: await adopt(transport, found, wanted) };
    const why = `Service ${namespace}/${name} has the name that its shadow needs, and is not Waystone's: delete it, or give it another name`;
    throw new Error(why, { cause: thrown });
  }
}

/** Headless, and by what is left on it ours: of this front's name, or owned by it. */
function wasShadowOf({ metadata, spec }: Service, front: Service): boolean {
  const { labels, ownerReferences } = metadata;
  if (spec?.clusterIP !== "None") return false;
  if (ownerReferences?.some(({ uid }) => uid === front.metadata.uid) === true) return true;
  return (
    labels?.["app.kubernetes.io/managed-by"] === managedBy &&
    labels[captureKeys.shadowOf] === front.metadata.name
  );
}

/** What it says of waypoint and ports stays: a front that is captured leads there. */
async function adopt(transport: Transport, found: Service, wanted: Service): Promise<Service> {
  const { namespace, name, resourceVersion } = found.metadata;
  const { labels, ownerReferences } = wanted.metadata;
  const patch = { metadata: { resourceVersion, labels, ownerReferences } };
  return await patchObject<Service>(
    transport,
    services,
    { namespace, name },
    { type: "merge", patch },
    { fieldManager },
  );
}
