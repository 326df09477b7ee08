/** An issuer of tokens whose keys come and go: ES256, each key by an id of its own. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export class Issuer {
  readonly name = "https://id.example.com";
  readonly #keys = new Map<string, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>();

  addKey(id: string): void {
    this.#keys.set(id, generateKeyPairSync("ec", { namedCurve: "P-256" }));
  }

  /** The public half of these keys, as a ConfigMap has it. */
  jwks(...ids: readonly string[]): string {
    const keys = ids.map((id) => ({
      ...this.#key(id).publicKey.export({ format: "jwk" }),
      kid: id,
      alg: "ES256",
      use: "sig",
    }));
    return JSON.stringify({ keys });
  }

  /** Good for an hour. */
  token(keyId: string, subject: string): string {
    const head = { alg: "ES256", kid: keyId, typ: "JWT" };
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const parts = [head, { iss: this.name, sub: subject, aud: "shop", exp }];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    const key = { key: this.#key(keyId).privateKey, dsaEncoding: "ieee-p1363" } as const;
    return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
  }

  #key(id: string): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
    const found = this.#keys.get(id);
    if (found === undefined) throw new Error(`the issuer has no key ${id}`);
    return found;
  }
}
