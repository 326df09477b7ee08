/**
 * What is kept of an object's metadata. managedFields are a third of a pod; what kubectl last applied is the whole object
 * again. Whoever writes managed fields reads the object anew.
 */
import type { ObjectMeta } from "@waystone/api/kubernetes/meta";
import { captureKeys } from "@waystone/api/names";
import type { ShareString } from "./share-strings.ts";

export type Detail =
  /** What people write, and are told of: everything but managedFields. */
  | "written"
  /** What we write a status of, too: its resourceVersion, which a write rests on. */
  | "answered"
  /** What the cluster makes, in great numbers: no annotations but ours, no generation. */
  | "made";

export const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const ours = "waystone.dev/";
/** An annotation beyond this that is not ours is some tool's archive: kept, ten thousand of them are all our memory. */
const annotationLimit = 4_096;

export function stripMetadata(from: ObjectMeta, share: ShareString, detail: Detail): ObjectMeta {
  const { labels, annotations, ownerReferences, finalizers } = from;
  const kept = stripAnnotations(annotations ?? {}, detail);
  return {
    name: from.name,
    ...(from.namespace === undefined ? {} : { namespace: share(from.namespace) }),
    ...(from.uid === undefined ? {} : { uid: from.uid }),
    ...(detail !== "answered" || from.resourceVersion === undefined
      ? {}
      : { resourceVersion: from.resourceVersion }),
    ...(detail === "made" || from.generation === undefined ? {} : { generation: from.generation }),
    ...(from.creationTimestamp === undefined ? {} : { creationTimestamp: share(from.creationTimestamp) }),
    ...(from.deletionTimestamp === undefined ? {} : { deletionTimestamp: from.deletionTimestamp }),
    ...(labels === undefined ? {} : { labels: shareRecord(labels, share) }),
    ...(kept === undefined ? {} : { annotations: kept }),
    ...(ownerReferences === undefined ? {} : { ownerReferences: ownerReferences.map(stripOwner(share)) }),
    ...(finalizers === undefined || detail === "made" ? {} : { finalizers }),
  };
}

/** A captured Service keeps what kubectl last applied: the next apply is computed from it, and so is the way back. */
function stripAnnotations(
  annotations: Readonly<Record<string, string>>,
  detail: Detail,
): Readonly<Record<string, string>> | undefined {
  const isCaptured = captureKeys.capturedBy in annotations;
  const kept = Object.entries(annotations).filter(([key, value]) => {
    if (key.startsWith(ours)) return true;
    if (detail === "made") return false;
    return key === lastApplied ? isCaptured : value.length <= annotationLimit;
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

type Owner = NonNullable<ObjectMeta["ownerReferences"]>[number];

function stripOwner(share: ShareString): (owner: Owner) => Owner {
  return ({ apiVersion, kind, name, uid, controller }) => ({
    apiVersion: share(apiVersion),
    kind: share(kind),
    name: share(name),
    uid: share(uid),
    ...(controller === undefined ? {} : { controller }),
  });
}

function shareRecord(
  record: Readonly<Record<string, string>>,
  share: ShareString,
): Readonly<Record<string, string>> {
  const shared: Record<string, string> = {};
  for (const [key, value] of Object.entries(record)) shared[key] = share(value);
  return shared;
}
