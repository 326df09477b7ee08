/**
 * A Secret of the wire: a waypoint's client certificate, or what an AuthenticationPolicy checks API keys and passwords by. Nothing of it
 * is in a dump, a log or a file, and what is refused is not quoted.
 */
import type { TokenView } from "@waystone/engine/authorization/authorization-request";
import { costOf, parsePasswordHash, type PasswordHash } from "@waystone/engine/authentication/password-hash";
import { Secret, type CredentialsResource } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { type ClientIdentity, clientIdentityFromMessage } from "./client-identity.ts";
import { decodeResource, RefusedError } from "./decode-resource.ts";

export type StoredSecret =
  | { readonly case: "identity"; readonly identity: ClientIdentity }
  | { readonly case: "credentials"; readonly credentials: StoredCredentials };

/** Who is known as whom: the name, and what authorization sees of it. */
export interface KnownCaller {
  readonly name: string;
  readonly view: TokenView;
}

export interface StoredCredentials {
  /**
   * By SHA-256 of the key, in base64. A look-up takes longer for some hashes than for others, and says nothing: who could choose the
   * hash of his guess could as well choose the key.
   */
  readonly owners: ReadonlyMap<string, KnownCaller>;
  readonly users: ReadonlyMap<string, KnownUser>;
  /** What a password is compared with where nobody has the name, so that the answer takes as long. Undefined: no hash takes long. */
  readonly decoy: PasswordHash | undefined;
}

export interface KnownUser extends KnownCaller {
  readonly hash: PasswordHash;
}

/** Throws a RefusedError that quotes nothing. */
export function secretFromResource(resource: EncodedResource): StoredSecret {
  const { clientCertificate, credentials } = decodeResource(resource, Secret);
  if (clientCertificate) {
    const { certificatePem = "", keyPem = "" } = clientCertificate;
    const identity = clientIdentityFromMessage(resource.name, {
      certificatePem: certificatePem ?? "",
      keyPem: keyPem ?? "",
    });
    return { case: "identity", identity };
  }
  if (credentials)
    return { case: "credentials", credentials: credentialsFromMessage(resource.name, credentials) };
  throw new RefusedError(
    `what the Secret ${resource.name} holds is not known to this waypoint; controller and waypoint may be of different versions`,
  );
}

const sha256Bytes = 32;

function credentialsFromMessage(name: string, { apiKeys, users }: CredentialsResource): StoredCredentials {
  const owners = new Map<string, KnownCaller>();
  for (const { owner, sha256 } of apiKeys ?? []) {
    if (!owner || sha256?.length !== sha256Bytes)
      throw new RefusedError(`an API key of ${name} has no owner, or is no SHA-256`);
    owners.set(Buffer.from(sha256).toString("base64"), caller("apikey", owner));
  }
  const known = new Map<string, KnownUser>();
  for (const { name: user, passwordHash } of users ?? []) {
    const hash = parsePasswordHash(passwordHash ?? "");
    if (!user || typeof hash === "string")
      throw new RefusedError(`a user of ${name} has no name, or no hash`);
    known.set(user, { ...caller("basic", user), hash });
  }
  return { owners, users: known, decoy: decoyOf([...known.values()].map(({ hash }) => hash)) };
}

export function caller(method: string, name: string): KnownCaller {
  const view: TokenView = {
    principal: `${method}/${name}`,
    audiences: none,
    presenter: "",
    claim: () => none,
  };
  return { name, view };
}

const none: readonly string[] = [];

/** As costly as the costliest, and the hash of nothing that anybody knows. */
function decoyOf(hashes: readonly PasswordHash[]): PasswordHash | undefined {
  const costs = hashes.filter(({ scheme }) => scheme === "bcrypt").map(costOf);
  if (costs.length === 0) return undefined;
  const cost = String(Math.max(...costs)).padStart(2, "0");
  return { scheme: "bcrypt", text: `$2b$${cost}$${".".repeat(53)}` };
}
