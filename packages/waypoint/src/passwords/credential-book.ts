/** API keys and passwords by the policy that checks them, as the controller pushed them last. A policy that has none lets nobody in. */
import type { StoredCredentials } from "../store/secret-from-resource.ts";

export class CredentialBook {
  #byPolicy: ReadonlyMap<string, StoredCredentials> = new Map();
  readonly #onChanged: () => void;

  constructor(onChanged: () => void) {
    this.#onChanged = onChanged;
  }

  /** By the policy's resource name. */
  of(policy: string): StoredCredentials | undefined {
    return this.#byPolicy.get(policy);
  }

  /** Those in force from now on: the same map where none has changed. */
  follow(byPolicy: ReadonlyMap<string, StoredCredentials>): void {
    if (byPolicy === this.#byPolicy) return;
    this.#byPolicy = byPolicy;
    this.#onChanged();
  }
}
