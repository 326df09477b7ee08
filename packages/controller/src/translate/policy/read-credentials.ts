/**
 * The Secrets of an AuthenticationPolicy -> what waypoints check API keys and passwords by: keys as their SHA-256, passwords as the hashes
 * that the Secret has. What cannot be used is left out, so that it lets nobody in, and named by its Secret and entry; nothing that is
 * said quotes what is in it.
 */
import { hash } from "node:crypto";
import type { AuthenticationPolicySpec } from "@waystone/api/kubernetes/waystone";
import type { Secret } from "@waystone/api/kubernetes/core";
import type { CredentialsResource } from "@waystone/api/resources";
import { findUserProblem, parsePasswordHash } from "@waystone/engine/authentication/password-hash";
import type { FetchContext } from "@waystone/collection/collection";
import type { Sources } from "../../model/sources.ts";
import { findSecret, readEntry } from "../find-secret.ts";
import type { LostReference } from "./own-policy-status.ts";

export interface ReadCredentials {
  /** Undefined: the policy has neither method. */
  readonly credentials: CredentialsResource | undefined;
  readonly lost: readonly LostReference[];
}

export const htpasswdEntry = ".htpasswd";

/** A waypoint holds them in every worker. */
const usersAtMost = 10_000;
const keysAtMost = 10_000;

export function readCredentials(
  fetch: FetchContext,
  sources: Pick<Sources, "secrets" | "cluster">,
  namespace: string,
  { apiKeys, basic }: AuthenticationPolicySpec,
): ReadCredentials {
  if (apiKeys === undefined && basic === undefined) return { credentials: undefined, lost: [] };
  const lost: LostReference[] = [];
  const open = (name: string, field: string): OpenedSecret | undefined => {
    const found = findSecret(fetch, sources, namespace, name);
    const lose = (message: string, reason = "InvalidSecretRef"): void =>
      void lost.push({ reason, field, message, consequence: "it lets nobody in" });
    if (found.is !== "there")
      lose(found.message, found.is === "refused" ? "RefNotPermitted" : "SecretNotFound");
    else if ((found.secret.type ?? "Opaque") !== "Opaque")
      lose(
        `Secret ${namespace}/${name} is of type ${found.secret.type}, not Opaque: it was made for something else`,
      );
    else return { secret: found.secret, lose: (problem) => lose(`Secret ${namespace}/${name}: ${problem}`) };
    return undefined;
  };
  const keys = new KeyReader();
  apiKeys?.secretRefs.forEach(({ name }, index) => {
    const opened = open(name, `spec.apiKeys.secretRefs[${index}]`);
    if (opened !== undefined) keys.read(opened);
  });
  const htpasswd = basic === undefined ? undefined : open(basic.secretRef.name, "spec.basic.secretRef");
  const users = htpasswd === undefined ? [] : readUsers(htpasswd);
  return { credentials: { apiKeys: keys.all(), users }, lost: shorten(lost) };
}

/** A condition has room for 32 kB. */
const toldAtMost = 20;

function shorten(lost: readonly LostReference[]): readonly LostReference[] {
  const [first] = lost.slice(toldAtMost);
  if (first === undefined) return lost;
  const message = `and ${lost.length - toldAtMost} more like these`;
  return [...lost.slice(0, toldAtMost), { ...first, message }];
}

/** The Secrets that a policy names, "<namespace>/<name>". */
export function secretsOfAuthentication(
  namespace: string,
  { apiKeys, basic }: AuthenticationPolicySpec,
): readonly string[] {
  const names = [...(apiKeys?.secretRefs ?? []), ...(basic === undefined ? [] : [basic.secretRef])];
  return [...new Set(names.map(({ name }) => `${namespace}/${name}`))];
}

interface OpenedSecret {
  readonly secret: Secret;
  readonly lose: (problem: string) => void;
}

const hashed = /^sha256:([0-9a-fA-F]{64})$/;
/** What a header can carry, and no end of line that an editor left. */
const plainKey = /^[\x21-\x7e]+$/;
const shortestKey = 8;
const longestKey = 1024;

/** Who shows a key is one owner: a key that two have is nobody's. */
class KeyReader {
  readonly #owners = new Map<string, { readonly owner: string; readonly place: string }>();
  readonly #shared = new Set<string>();

  read({ secret, lose }: OpenedSecret): void {
    const entries = Object.keys({ ...secret.data, ...secret.stringData }).toSorted();
    if (entries.length === 0) lose("it has no entries");
    for (const owner of entries) {
      const digest = this.#digest(readEntry(secret, owner));
      if ("problem" in digest) lose(`entry ${owner} ${digest.problem}`);
      else this.#add(digest.sha256, owner, secret.metadata.name, lose);
    }
  }

  all(): { readonly owner: string; readonly sha256: Uint8Array }[] {
    return [...this.#owners]
      .filter(([sha256]) => !this.#shared.has(sha256))
      .map(([sha256, { owner }]) => ({ owner, sha256: Buffer.from(sha256, "hex") }));
  }

  #add(sha256: string, owner: string, secret: string, lose: OpenedSecret["lose"]): void {
    const known = this.#owners.get(sha256);
    if (known === undefined) {
      if (this.#owners.size >= keysAtMost)
        return lose(`entry ${owner} is one too many: ${keysAtMost} at most`);
      this.#owners.set(sha256, { owner, place: `${owner} of Secret ${secret}` });
      return;
    }
    if (known.owner === owner) return;
    this.#shared.add(sha256);
    lose(`entry ${owner} has the key of ${known.place}: it is taken for neither`);
  }

  #digest(text: string): { readonly sha256: string } | { readonly problem: string } {
    const key = text.replace(/\r?\n$/, "");
    const [, given] = hashed.exec(key) ?? [];
    if (given !== undefined) return { sha256: given.toLowerCase() };
    if (key === "") return { problem: "is empty" };
    if (key.startsWith("sha256:"))
      return { problem: "has no SHA-256 of 64 hexadecimal digits after sha256:" };
    if (!plainKey.test(key)) return { problem: "has white space, or what is no ASCII, in its key" };
    if (key.length < shortestKey || key.length > longestKey)
      return { problem: `has a key of less than ${shortestKey} or more than ${longestKey} characters` };
    return { sha256: hash("sha256", key) };
  }
}

function readUsers({
  secret,
  lose,
}: OpenedSecret): { readonly name: string; readonly passwordHash: string }[] {
  const users = new Map<string, string>();
  const text = readEntry(secret, htpasswdEntry);
  if (text === "") lose(`it has no entry ${htpasswdEntry}`);
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === "" || line.startsWith("#")) return;
    const colon = line.indexOf(":");
    const user = colon < 0 ? "" : line.slice(0, colon);
    const where = `line ${index + 1} of ${htpasswdEntry}`;
    const problem = colon < 0 ? "has no colon" : findUserProblem(user);
    if (problem !== "") return lose(`${where} ${problem}`);
    const parsed = parsePasswordHash(line.slice(colon + 1).trim());
    if (typeof parsed === "string") return lose(`${where}, user ${user}: ${parsed}`);
    if (users.has(user))
      return lose(`${where}, user ${user}: the name is there before; the first line holds`);
    if (users.size >= usersAtMost) return lose(`${where} is one too many: ${usersAtMost} users at most`);
    users.set(user, parsed.text);
  });
  return [...users].map(([name, passwordHash]) => ({ name, passwordHash }));
}
