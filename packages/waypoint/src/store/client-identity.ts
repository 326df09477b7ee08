/**
 * The certificate that this waypoint shows to backends that ask for one. Its key is in no dump, no file and no log: nothing
 * but createSecureContext reads it.
 */
import { hash } from "node:crypto";
import { createSecureContext } from "node:tls";
import { RefusedError } from "./decode-resource.ts";

export interface ClientIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Of both, by a hash: what may be compared and kept. */
  readonly fingerprint: string;
}

/** Throws a RefusedError that quotes nothing. */
export function clientIdentityFromMessage(
  name: string,
  { certificatePem, keyPem }: { readonly certificatePem: string; readonly keyPem: string },
): ClientIdentity {
  try {
    createSecureContext({ cert: certificatePem, key: keyPem });
  } catch {
    throw new RefusedError(`the client certificate of ${name} and its key cannot be used`);
  }
  return { certificatePem, keyPem, fingerprint: hash("sha256", `${certificatePem}\n${keyPem}`) };
}

/**
 * A waypoint of one Gateway gets that one's. Who runs several at once (`waystone run`) shares connections between them: with
 * more than one certificate nobody could say whose is shown, and so none is.
 */
export function soleIdentity(identities: ReadonlyMap<string, ClientIdentity>): ClientIdentity | undefined {
  if (identities.size !== 1) return undefined;
  for (const identity of identities.values()) return identity;
  return undefined;
}
