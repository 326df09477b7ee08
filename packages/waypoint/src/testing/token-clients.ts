/** For tests of AuthenticationPolicies: an issuer, its tokens, and policies that take them. */
import { typeUrls } from "@waystone/api/names";
import { Policy, type PolicyResource } from "@waystone/api/resources";
import {
  type AuthenticationText,
  authenticationMessage,
  type ProviderText,
  testIssuer,
} from "@waystone/engine/authentication/testing/policy-rig";
import {
  keySetText,
  makeKey,
  makeToken,
  type TokenParts,
} from "@waystone/engine/authentication/testing/token-rig";
import { policyMessage, type PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";

export const key = makeKey("k1");
export const rsa = makeKey("r1", "RS256");
export const jwks = keySetText(key, rsa);
export const now = Math.floor(Date.now() / 1000);
export const web = { kind: "Service", name: "shop/web" } as const;

export function resource(message: PolicyResource): EncodedResource {
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, new Uint8Array(Policy.encode(message).finish()));
}

export function who(text: AuthenticationText | ProviderText = {}): EncodedResource {
  const isPolicy =
    "providers" in text ||
    "requirement" in text ||
    "mode" in text ||
    "target" in text ||
    "apiKeys" in text ||
    "basic" in text;
  return resource(authenticationMessage(isPolicy ? text : { providers: [{ jwks, ...text }] }));
}

export function may(text: PolicyText): EncodedResource {
  return resource(policyMessage({ target: web, ...text }));
}

export function token(
  claims: Record<string, unknown> = {},
  parts: Omit<TokenParts, "claims"> = {},
  by = key,
): string {
  return makeToken(by, { ...parts, claims: { iss: testIssuer, sub: "alice", exp: now + 3600, ...claims } });
}

export const bearer = (text: string): string => `Authorization: Bearer ${text}`;
