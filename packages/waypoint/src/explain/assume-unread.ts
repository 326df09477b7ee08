/**
 * Keys and Secrets that whoever explains does not have: what is checked by them is taken as right, and told. What is at hand is asked
 * first, so that a signature or key that it knows is no assumption.
 */
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import type { KeySource } from "@waystone/engine/authentication/policy";
import type { PasswordHash } from "@waystone/engine/authentication/password-hash";
import type { CredentialKnowledge, KnownCredentials } from "../proxy/judge-credentials.ts";
import { caller, type StoredCredentials } from "../store/secret-from-resource.ts";

/** Why something is not at hand, a clause: "Secret shop/keys is not among the files". Undefined: it is, or is not there at all. */
export interface Unread {
  keysOf(policy: string, provider: string): string | undefined;
  secretsOf(policy: string, method: "apiKeys" | "basic"): string | undefined;
}

/** All there is, is at hand. */
export const nothingUnread: Unread = { keysOf: () => undefined, secretsOf: () => undefined };

const unreadHash: PasswordHash = { scheme: "sha1", text: "" };
const somebody = { name: "", view: { ...caller("apikey", "").view, principal: "" } };

export function assumeUnread(
  known: CredentialKnowledge,
  plan: AuthenticationPlan,
  unread: Unread,
  note: (what: string) => void,
): CredentialKnowledge {
  const assume = (what: string, why: string): true => {
    note(`${what} (${why})`);
    return true;
  };
  return {
    tokens: {
      verified: known.tokens.verified,
      ring: {
        keysOf(source) {
          const why = unreadKeys(plan, source, unread);
          if (why === undefined) return known.tokens.ring.keysOf(source);
          return { signers: { has: () => assume("the signature of its token is right", why) } };
        },
      },
    },
    credentials: {
      of: (policy) => assumeSecrets(known.credentials.of(policy), policy, unread, assume),
    },
    passwords: {
      known: (question) => question.hash === unreadHash || known.passwords.known(question),
    },
  };
}

/** Why the keys of one of the plan's providers are not at hand. */
export function unreadKeys(
  { merged, providers }: AuthenticationPlan,
  source: KeySource,
  unread: Unread,
): string | undefined {
  if (source.type === "uri") return `the keys at ${source.uri} are not fetched here`;
  if (source.type === "inline") return undefined;
  const all = [...providers.values()].flat();
  const owner = all.find(({ provider }) => provider.keys === source);
  return owner === undefined ? undefined : unread.keysOf(merged.jwtBy ?? "", owner.provider.name);
}

function assumeSecrets(
  known: KnownCredentials | undefined,
  policy: string,
  unread: Unread,
  assume: (what: string, why: string) => true,
): KnownCredentials {
  const { owners, users, decoy } = known ?? nobody;
  return {
    decoy,
    owners: {
      get(sha256) {
        const owner = owners.get(sha256);
        const why = owner === undefined ? unread.secretsOf(policy, "apiKeys") : undefined;
        if (why === undefined) return owner;
        assume("its API key is somebody's, and whose is not known", why);
        return somebody;
      },
    },
    users: {
      get(name) {
        const user = users.get(name);
        const why = user === undefined ? unread.secretsOf(policy, "basic") : undefined;
        if (why === undefined) return user;
        assume("its name and password are right", why);
        return { ...caller("basic", name), hash: unreadHash };
      },
    },
  };
}

const nobody: StoredCredentials = { owners: new Map(), users: new Map(), decoy: undefined };
