/** For tests: issuers with keys of their own, and tokens that are made by node:crypto alone, well or badly. */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export type KeyKind = "ES256" | "RS256" | "EdDSA";

export interface SigningKey {
  readonly id: string;
  readonly algorithm: KeyKind;
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
}

export function makeKey(id: string, algorithm: KeyKind = "ES256"): SigningKey {
  const { publicKey, privateKey } = generate(algorithm);
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: id, alg: algorithm, use: "sig" };
  const publicPem = publicKey.export({ format: "pem", type: "spki" });
  return { id, algorithm, jwk, privateKey, publicPem };
}

function generate(algorithm: KeyKind): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === "RS256") return generateKeyPairSync("rsa", { modulusLength: 2048 });
  if (algorithm === "EdDSA") return generateKeyPairSync("ed25519");
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/** As an issuer serves it. */
export function keySetText(...keys: readonly SigningKey[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

export interface TokenParts {
  /** Beside alg and kid. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Text is taken as it is. */
  readonly claims?: Readonly<Record<string, unknown>> | string;
  /** ES256 in the form of OpenSSL, which a JWS does not have. */
  readonly isDer?: boolean;
}

export function makeToken(
  key: SigningKey,
  { header = {}, claims = {}, isDer = false }: TokenParts = {},
): string {
  const head = { alg: key.algorithm, kid: key.id, ...header };
  const signed = `${encode(JSON.stringify(head))}.${encode(typeof claims === "string" ? claims : JSON.stringify(claims))}`;
  return `${signed}.${signatureOf(key, signed, isDer)}`;
}

function signatureOf({ algorithm, privateKey }: SigningKey, signed: string, isDer: boolean): string {
  const bytes = Buffer.from(signed);
  if (algorithm === "EdDSA") return sign(null, bytes, privateKey).toString("base64url");
  if (algorithm === "RS256") return sign("sha256", bytes, privateKey).toString("base64url");
  return sign("sha256", bytes, { key: privateKey, dsaEncoding: isDer ? "der" : "ieee-p1363" }).toString(
    "base64url",
  );
}

/** Signed with a secret, whatever its header says. */
export function makeHmacToken(secret: string, header: object, claims: object): string {
  const signed = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

export function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}
