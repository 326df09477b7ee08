/** Secrets of every kind in manifests: well made, badly made, and in files that cannot be read. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../../examples/harness/waystone-process.ts";

/** Nothing else has these letters in it. */
export const planted = {
  apiKey: "planted-key-Q7vXy2",
  hashedKey: "planted-hashed-W3kLp9",
  wrongKey: "planted-wrong-Z8mNb4",
  password: "open sesame",
  wrongPassword: "planted-wrong-password-J5",
  passwordHash: "czKwLyFcbJekhnMe2KqGK.YCWb3PjIsCWMO5.5hZN7mWugaDxMleq",
  shaHash: "NWoZK3kTsExUV00Ywo1G5jlUKKs",
  shortKey: "plnt-3",
  spacedKey: "planted spaced R6",
  plainPassword: "planted-plain-T4",
  noColon: "planted-no-colon-U9",
  md5Hash: "planted0$MD5hashOfNobody1",
  sharedSecret: "cGxhbnRlZC1zaGFyZWQtc2VjcmV0LU02",
  privateKey: "cGxhbnRlZC1wcml2YXRlLWtleS1GMQ",
  aliased: "planted-alias-K2",
  tagged: "planted-tag-K3",
  unclosed: "planted-unclosed-K4",
  trailing: "planted-trailing-K5",
  inText: "planted-in-text-K6",
  number: "7316508294417",
  notBase64: "planted_not_base64_K7",
} as const;

const exampleKeys = readFileSync(path.join(repository, "examples/jwt/issuer-key.json"), "utf8");
const { d: _, ...publicKey } = JSON.parse(exampleKeys) as Record<string, string>;
const keySet = JSON.stringify({ keys: [publicKey] });

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const inYaml = (text: string): string => text.trimEnd().replaceAll("\n", "\n    ");

const secret = (name: string, entries: string): string => `---
apiVersion: v1
kind: Secret
metadata: {name: ${name}, namespace: shop}
stringData:
${entries}
`;

export function secretsText({ cert, key }: { readonly cert: string; readonly key: string }): string {
  return [
    secret("partners", `  acme: ${planted.apiKey}\n  beta: sha256:${sha256(planted.hashedKey)}`),
    secret(
      "staff",
      `  .htpasswd: |\n    alice:$2b$08$${planted.passwordHash}\n    bob:{SHA}${planted.shaHash}=`,
    ),
    secret("own", `  tls.crt: |\n    ${inYaml(cert)}\n  tls.key: |\n    ${inYaml(key)}`).replace(
      "kind: Secret",
      "kind: Secret\ntype: kubernetes.io/tls",
    ),
  ].join("");
}

export const policiesText = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: waystone-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HTTP}]
  tls: {backend: {clientCertificateRef: {name: own}}}
---
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: guard, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: web}]
  jwt:
    providers:
      - name: corp
        issuer: https://id.example.com
        jwks: {inline: '${keySet}'}
        from:
          headers: [{name: Authorization, prefix: "Bearer "}]
          queryParameters: [token]
          cookies: [session]
        claimsToHeaders: [{claim: sub, header: x-user}]
  apiKeys: {secretRefs: [{name: partners}], ownerHeader: x-partner}
  basic: {secretRef: {name: staff}, userHeader: x-name}
`;

/** Can be read, and not used. */
export const sloppyText = `apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: sloppy, namespace: shop}
spec:
  mode: Shadow
  targetRefs: [{group: "", kind: Service, name: web}]
  jwt:
    providers:
      - {name: a, issuer: a, jwks: {configMapRef: {name: keys}}}
  apiKeys: {secretRefs: [{name: sloppy-keys}]}
  basic: {secretRef: {name: sloppy-staff}}
---
apiVersion: waystone.dev/v1alpha1
kind: AuthenticationPolicy
metadata: {name: shared, namespace: shop}
spec:
  mode: Shadow
  targetRefs: [{group: "", kind: Service, name: web}]
  jwt:
    providers:
      - {name: b, issuer: b, jwks: {inline: '{"keys":[{"kty":"oct","alg":"HS256","k":"${planted.sharedSecret}"}]}'}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: keys, namespace: shop}
data:
  jwks.json: '{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"${planted.privateKey}"}]}'
${secret("sloppy-keys", `  short: ${planted.shortKey}\n  spaced: ${planted.spacedKey}`)}
${secret(
  "sloppy-staff",
  `  .htpasswd: |\n    ${planted.noColon}\n    dave:${planted.plainPassword}\n    erin:$apr1$${planted.md5Hash}`,
)}`;

/** Cannot be read. */
export const brokenText = [
  secret("aliased", `  a: *${planted.aliased}`),
  secret("tagged", `  a: !${planted.tagged} b`),
  secret("unclosed", `  a: "${planted.unclosed}`),
  secret("trailing", `  a: "b" ${planted.trailing}`),
  secret("text", "").replace("stringData:\n", `stringData: ${planted.inText}\n`),
  secret("wrong-types", `  a: ${planted.number}\ndata: {a: ${planted.notBase64}}`),
].join("");
