/** The Secrets of a waypoint: its client certificates, and what policies check API keys and passwords by. */
import type { Rejected, ResourceDelta } from "@waystone/xds/resource";
import { type ClientIdentity, soleIdentity } from "./client-identity.ts";
import { convertUpserts } from "./convert-upserts.ts";
import { secretFromResource, type StoredCredentials } from "./secret-from-resource.ts";

export class SecretStore {
  /** By "<namespace>/<gateway>". */
  readonly #identities = new Map<string, ClientIdentity>();
  #credentials: ReadonlyMap<string, StoredCredentials> = new Map();

  /** By the name of the policy that they are of; another map after each change. */
  get credentials(): ReadonlyMap<string, StoredCredentials> {
    return this.#credentials;
  }

  /** What is shown to backends that ask for a certificate. */
  get identity(): ClientIdentity | undefined {
    return soleIdentity(this.#identities);
  }

  apply(delta: ResourceDelta): Rejected[] {
    const { converted, rejected } = convertUpserts(delta, secretFromResource);
    const credentials = new Map(this.#credentials);
    for (const name of [...delta.removals, ...converted.keys()]) {
      this.#identities.delete(name);
      credentials.delete(name);
    }
    for (const [name, secret] of converted) {
      if (secret.case === "identity") this.#identities.set(name, secret.identity);
      else credentials.set(name, secret.credentials);
    }
    this.#credentials = credentials;
    return rejected;
  }
}
