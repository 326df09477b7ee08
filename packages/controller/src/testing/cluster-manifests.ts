/**
 * For tests: manifests as an API server would hand them out, with what only a cluster has. Objects keep their uid and times,
 * or get a uid that can be told from their name ("Service/shop/web"); kinds that files cannot have are taken as they are.
 */
import type { KubernetesObject, ObjectMeta } from "@waystone/api/kubernetes/meta";
import { objectKey } from "@waystone/api/kubernetes/meta";
import { formatManifestError } from "../ingest/manifest-error.ts";
import { parseDocument } from "../ingest/parse-manifest.ts";
import { splitDocuments } from "../ingest/split-documents.ts";
import { validateObject } from "../ingest/validate-object.ts";

/** What a file's author does not write, and a cluster does. */
const clusterFields = ["uid", "creationTimestamp", "generation"] as const;

export function parseClusterObjects(text: string): KubernetesObject[] {
  return splitDocuments(Buffer.from(text)).flatMap((document) => {
    const parsed = parseDocument(document);
    const { objects, issue } = parsed;
    if (issue !== undefined) throw new Error(`line ${issue.position.line}: ${issue.message}`);
    return objects.map((written) => {
      const validated = validateObject(written, { file: "input", ...written.position }, () => parsed.tree());
      const object = written.value as KubernetesObject;
      if (validated.is === "foreign") return asStored(object, object.metadata);
      if (validated.is === "good") return asStored(validated.object, object.metadata);
      throw new Error(validated.errors.map(formatManifestError).join("\n"));
    });
  });
}

function asStored<T extends KubernetesObject>(object: T, written: ObjectMeta): T {
  const kept = clusterFields.flatMap((field) =>
    written[field] === undefined ? [] : [[field, written[field]]],
  );
  const uid = objectKey(object.kind, object.metadata);
  return { ...object, metadata: { uid, ...object.metadata, ...Object.fromEntries(kept) } };
}
