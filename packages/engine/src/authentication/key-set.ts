/**
 * A JSON Web Key Set (RFC 7517), read: the public keys in it that signatures can be checked with, each with the algorithms that it is for. An
 * algorithm is the key's to name and never the token's alone (RFC 8725 3.1).
 */
import { isRecord, ownValue, parseStrictJson } from "./strict-json.ts";

export interface PublicKey {
  /** "": has none. */
  readonly id: string;
  readonly algorithms: ReadonlySet<string>;
  /** Public members alone. */
  readonly jwk: Readonly<Record<string, string>>;
  /** Says which key it is, whatever its set, and whatever the set says of it. */
  readonly fingerprint: string;
}

/**
 * Who made a signature: a key, by an algorithm. Of one key two sets may say different things (RFC 7517 4.4: "alg" is optional), and each
 * set's word is about the algorithm that was used.
 */
export function signerOf({ fingerprint }: PublicKey, algorithm: string): string {
  return `${algorithm} ${fingerprint}`;
}

/** All that the keys stand for. */
export function signersOf(keys: readonly PublicKey[]): ReadonlySet<string> {
  return new Set(keys.flatMap((key) => [...key.algorithms].map((algorithm) => signerOf(key, algorithm))));
}

export const largestKeySet = 1_048_576;
const deepest = 16;
const mostKeys = 256;

/** Throws an Error whose message is for people. A set without any usable key is one: it lets nobody in. */
export function parseKeySet(text: string): readonly PublicKey[] {
  if (text.length > largestKeySet) throw new Error("the key set is larger than 1 MiB");
  const read = parseStrictJson(text, deepest);
  if ("refused" in read) throw new Error(`the key set ${read.refused}`);
  const keys = isRecord(read.value) ? ownValue(read.value, "keys") : undefined;
  if (!Array.isArray(keys)) throw new Error('the key set is no object with a list "keys"');
  if (keys.length > mostKeys) throw new Error(`the key set has more than ${mostKeys} keys`);
  return keys.flatMap((key: unknown) => {
    if (!isRecord(key)) throw new Error("a key of the set is no object");
    if (Object.hasOwn(key, "d"))
      throw new Error("the key set holds a private key: take it out, and make a new one");
    // RFC 7518 6.4: what checks by a shared secret could sign by it as well.
    if (ownValue(key, "kty") === "oct" || Object.hasOwn(key, "k"))
      throw new Error(
        "the key set holds a shared secret, which is not taken: take it out, and make a new one",
      );
    return publicKey(key) ?? [];
  });
}

/** Undefined: for something else than signatures, or of a kind that we do not know (RFC 7517 5: such are passed over). */
function publicKey(key: Readonly<Record<string, unknown>>): PublicKey | undefined {
  const text = (name: string): string => {
    const value = ownValue(key, name);
    return typeof value === "string" ? value : "";
  };
  const use = text("use");
  const operations = ownValue(key, "key_ops");
  if (use !== "" && use !== "sig") return undefined;
  if (Array.isArray(operations) && !operations.includes("verify")) return undefined;
  const kind = kinds.get(text("kty") === "RSA" ? "RSA" : `${text("kty")} ${text("crv")}`);
  if (kind === undefined) return undefined;
  const alg = text("alg");
  const allowed = alg === "" ? kind.algorithms : kind.algorithms.filter((each) => each === alg);
  const jwk: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const name of kind.members) jwk[name] = text(name);
  if (allowed.length === 0 || kind.members.some((name) => jwk[name] === "")) return undefined;
  const algorithms = new Set(allowed);
  return { id: text("kid"), algorithms, jwk: { ...jwk }, fingerprint: JSON.stringify(jwk) };
}

interface Kind {
  readonly members: readonly string[];
  readonly algorithms: readonly string[];
}

const curve = (...algorithms: readonly string[]): Kind => ({ members: ["kty", "crv", "x", "y"], algorithms });

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["RSA", { members: ["kty", "n", "e"], algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] }],
  ["EC P-256", curve("ES256")],
  ["EC P-384", curve("ES384")],
  ["EC P-521", curve("ES512")],
  ["OKP Ed25519", { members: ["kty", "crv", "x"], algorithms: ["EdDSA", "Ed25519"] }],
]);

/** Those that may have made a token's signature: by algorithm, and by name where the token names one. */
export function keysFor(
  keys: readonly PublicKey[],
  algorithm: string,
  keyId: string | undefined,
): readonly PublicKey[] {
  return keys.filter(
    ({ id, algorithms }) => algorithms.has(algorithm) && (keyId === undefined || id === keyId),
  );
}
