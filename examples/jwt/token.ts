/** `bin/node examples/jwt/token.ts alice [admin]`: a token of the example's issuer, good for an hour. Its key is no secret: it is here. */
import { createPrivateKey, sign, type webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";

const jwk = JSON.parse(
  readFileSync(new URL("./issuer-key.json", import.meta.url), "utf8"),
) as webcrypto.JsonWebKey & {
  readonly kid: string;
};
const key = createPrivateKey({ key: jwk, format: "jwk" });

export interface TokenWish {
  readonly roles?: readonly string[];
  readonly audience?: string;
  /** Seconds from now. */
  readonly lasts?: number;
}

export function makeToken(
  subject: string,
  { roles = [], audience = "shop", lasts = 3600 }: TokenWish = {},
): string {
  const head = { alg: "ES256", kid: jwk.kid, typ: "JWT" };
  const claims = {
    iss: "https://id.example.com",
    sub: subject,
    aud: audience,
    exp: Math.floor(Date.now() / 1000) + lasts,
    realm_access: { roles },
  };
  const signed = [head, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

if (import.meta.main) {
  const [subject = "alice", ...roles] = process.argv.slice(2);
  console.log(makeToken(subject, { roles }));
}
