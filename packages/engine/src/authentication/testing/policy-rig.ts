/** For tests: AuthenticationPolicies in few words, as the controller sends them. */
import { type AuthenticationSettingResource, PolicyMode, type PolicyResource } from "@waystone/api/resources";
import type { TargetKind } from "../../authorization/policy.ts";

export interface ProviderText {
  readonly name?: string;
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  /** Exactly one of these. */
  readonly jwks?: string;
  readonly jwksUri?: string;
  readonly allowedAddresses?: readonly string[];
  readonly refreshMs?: number;
  readonly queryParameters?: readonly string[];
  readonly cookies?: readonly string[];
  readonly headers?: readonly { readonly name: string; readonly prefix?: string }[];
  readonly forward?: boolean;
  readonly clockSkewMs?: number;
  readonly claimsToHeaders?: Readonly<Record<string, string>>;
}

export interface AuthenticationText {
  readonly name?: string;
  readonly namespace?: string;
  readonly createdAtSeconds?: number;
  readonly mode?: "Enforce" | "Shadow";
  readonly target?: { readonly kind: TargetKind; readonly name: string; readonly section?: string };
  readonly requirement?: "Required" | "Optional";
  readonly providers?: readonly ProviderText[];
  readonly apiKeys?: SecretMethodText;
  readonly basic?: SecretMethodText;
  readonly unusable?: readonly string[];
}

/** Of API keys and passwords; `setHeader` gets the owner's or user's name. */
export interface SecretMethodText {
  readonly headers?: readonly string[];
  readonly queryParameters?: readonly string[];
  readonly cookies?: readonly string[];
  readonly setHeader?: string;
  readonly forward?: boolean;
}

export const testIssuer = "https://id.example.com";

export type NamedMessage = PolicyResource & {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

export function authenticationMessage({
  namespace = "shop",
  name = "who",
  ...text
}: AuthenticationText): NamedMessage {
  const { requirement, providers } = text;
  return {
    kind: "AuthenticationPolicy",
    namespace,
    name,
    createdAtSeconds: text.createdAtSeconds ?? 0,
    mode: text.mode === "Shadow" ? PolicyMode.SHADOW : PolicyMode.ENFORCE,
    targets: [text.target ?? { kind: "Service", name: `${namespace}/web` }],
    unusable: [...(text.unusable ?? [])],
    authentication: {
      settings: [
        ...(requirement === undefined ? [] : [{ name: "requirement", value: requirement }]),
        ...secretMethod("apiKeys", "ownerHeader", text.apiKeys),
        ...secretMethod("basic", "userHeader", text.basic),
        ...(providers === undefined ? [] : [{ name: "jwt", settings: providers.map(providerSetting) }]),
      ],
    },
  };
}

function secretMethod(
  name: string,
  setHeader: string,
  text: SecretMethodText | undefined,
): AuthenticationSettingResource[] {
  if (text === undefined) return [];
  const many = (setting: string, values: readonly string[] = []): AuthenticationSettingResource[] =>
    values.map((value) => ({ name: setting, value }));
  const settings = [
    ...many("header", text.headers),
    ...many("queryParameter", text.queryParameters),
    ...many("cookie", text.cookies),
    ...many(setHeader, text.setHeader === undefined ? [] : [text.setHeader]),
    ...many("forward", text.forward === undefined ? [] : [String(text.forward)]),
  ];
  return [{ name, settings }];
}

function providerSetting(text: ProviderText): AuthenticationSettingResource {
  const one = (name: string, value: string | number | undefined): AuthenticationSettingResource[] =>
    value === undefined ? [] : [{ name, value: String(value) }];
  const many = (name: string, values: readonly string[] = []): AuthenticationSettingResource[] =>
    values.flatMap((value) => one(name, value));
  return {
    name: "provider",
    value: text.name ?? "corp",
    settings: [
      ...one("issuer", text.issuer ?? testIssuer),
      ...many("audience", text.audiences),
      ...one("jwks", text.jwks),
      ...one("jwksUri", text.jwksUri),
      ...one("refreshMs", text.refreshMs),
      ...many("allowedAddress", text.allowedAddresses),
      ...(text.headers ?? []).map(({ name, prefix }) => ({
        name: "header",
        value: name,
        settings: one("prefix", prefix),
      })),
      ...many("queryParameter", text.queryParameters),
      ...many("cookie", text.cookies),
      ...one("clockSkewMs", text.clockSkewMs),
      ...one("forward", text.forward === false ? "false" : undefined),
      ...Object.entries(text.claimsToHeaders ?? {}).map(([header, claim]) => ({
        name: "claimToHeader",
        value: header,
        settings: one("claim", claim),
      })),
    ],
  };
}
