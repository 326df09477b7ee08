/**
 * A JSON Web Token in compact form (RFC 7519, RFC 7515), taken apart. What is wrong with it is found before any key is looked at; that it
 * reads well says nothing of whether it is true.
 */
import { isRecord, ownValue, parseStrictJson } from "./strict-json.ts";
import { readClaims, type TokenClaims } from "./token-claims.ts";

export interface DecodedToken {
  readonly text: string;
  readonly algorithm: string;
  /** "": names none. */
  readonly keyId: string | undefined;
  readonly claims: TokenClaims;
}

/** Asymmetric, all of them: a public key is no secret to sign with (RFC 8725 3.1, 3.2). */
export const algorithms: ReadonlySet<string> = new Set(
  "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" "),
);

const deepest = 16;

export function decodeToken(text: string): DecodedToken | { readonly refused: string } {
  const parts = text.split(".");
  if (parts.length !== 3) return { refused: `has ${parts.length} parts, not 3` };
  if (!parts.every(isBase64Url)) return { refused: "is not base64url" };
  const header = readPart(parts[0]!, "header");
  if ("refused" in header) return header;
  const algorithm = ownValue(header.record, "alg");
  if (typeof algorithm !== "string" || !algorithms.has(algorithm)) return { refused: "alg is not taken" };
  const keyId = ownValue(header.record, "kid");
  if (keyId !== undefined && typeof keyId !== "string") return { refused: "kid is no text" };
  // No extension is understood, so that none may be critical (RFC 7515 4.1.11). jku, jwk, x5u and x5c are never looked at.
  if (Object.hasOwn(header.record, "crit") || Object.hasOwn(header.record, "b64")) {
    return { refused: "asks for extensions (crit)" };
  }
  const payload = readPart(parts[1]!, "payload");
  if ("refused" in payload) return payload;
  const claims = readClaims(payload.record);
  return "refused" in claims ? claims : { text, algorithm, keyId, claims };
}

/** The one spelling of its bytes: without padding, and with no bits left over. */
function isBase64Url(part: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(part) && part.length % 4 !== 1 && bytesOf(part).toBase64(unpadded) === part;
}

const unpadded = { alphabet: "base64url", omitPadding: true } as const;

function bytesOf(part: string): Uint8Array {
  return Uint8Array.fromBase64(part, { alphabet: "base64url" });
}

type Part = { readonly record: Readonly<Record<string, unknown>> } | { readonly refused: string };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readPart(part: string, name: string): Part {
  let text: string;
  try {
    text = utf8.decode(bytesOf(part));
  } catch {
    return { refused: `its ${name} is not UTF-8` };
  }
  const read = parseStrictJson(text, deepest);
  if ("refused" in read) return { refused: `its ${name} ${read.refused}` };
  return isRecord(read.value) ? { record: read.value } : { refused: `its ${name} is no object` };
}
