/** For tests of API keys and passwords: what the controller pushes of the Secrets that a policy names. */
import { hash } from "node:crypto";
import { typeUrls } from "@waystone/api/names";
import { Secret } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";

export interface CredentialsText {
  /** "AuthenticationPolicy/shop/who" unless given. */
  readonly policy?: string;
  /** Owner -> key. */
  readonly keys?: Readonly<Record<string, string>>;
  /** User -> hash. */
  readonly users?: Readonly<Record<string, string>>;
}

export function credentials({ policy, keys = {}, users = {} }: CredentialsText): EncodedResource {
  const message = {
    credentials: {
      apiKeys: Object.entries(keys).map(([owner, key]) => ({ owner, sha256: hash("sha256", key, "buffer") })),
      users: Object.entries(users).map(([name, passwordHash]) => ({ name, passwordHash })),
    },
  };
  const name = policy ?? "AuthenticationPolicy/shop/who";
  return encodeResource(typeUrls.secret, name, new Uint8Array(Secret.encode(message).finish()));
}
