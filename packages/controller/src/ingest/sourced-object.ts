/** What the rest of the controller sees of the files. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { ManifestError, Origin } from "./manifest-error.ts";

/** An object in force: its last good version. */
export interface SourcedObject<T extends KubernetesObject> {
  /** "<namespace>/<name>", or "<name>" for a kind without namespace. */
  readonly key: string;
  /** Defaults applied, namespace filled in, metadata.generation our count of changes. */
  readonly object: T;
  /** Where the object stands; with a problem: where the version in force was read. */
  readonly origin: Origin;
  /** Why a newer version is not in force. */
  readonly problem?: ManifestError;
}

export interface ManifestProblem extends ManifestError {
  /** The same while the problem lasts, wherever in the file it moves. */
  readonly key: string;
  /** An error keeps something from being in force; a warning says that something has no effect. */
  readonly severity: "error" | "warning" | "info";
}
