/**
 * What the API server answered to our own status writes, until the watch shows it. A busy server's watch is behind by more than
 * the time between two writes of one object: the second would rest on a version from before the first, be refused with a
 * conflict, and cost a read and another write.
 */
import { isOlder } from "@waystone/kube/reflector/resource-version";
import type { ObjectWithStatus } from "./write-statuses.ts";

export class OwnWrites {
  readonly #answers = new Map<string, ObjectWithStatus>();

  /** Only of kinds that are followed: else nothing would ever show it. */
  wrote(key: string, { apiVersion, kind, metadata, status }: ObjectWithStatus): void {
    const { namespace = "", name, uid = "", resourceVersion = "" } = metadata;
    const answer = { apiVersion, kind, metadata: { namespace, name, uid, resourceVersion } };
    this.#answers.set(key, status === undefined ? answer : { ...answer, status });
  }

  /** The newer of what the watch shows and what we wrote. */
  newest(key: string, shown: ObjectWithStatus | undefined): ObjectWithStatus | undefined {
    const own = this.#answers.get(key);
    if (own === undefined) return shown;
    const isBehind =
      shown !== undefined &&
      shown.metadata.uid === own.metadata.uid &&
      isOlder(shown.metadata.resourceVersion ?? "", own.metadata.resourceVersion ?? "");
    if (isBehind) return own;
    this.#answers.delete(key);
    return shown;
  }
}
