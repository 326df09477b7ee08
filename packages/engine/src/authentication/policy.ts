/** An AuthenticationPolicy as the engine knows it: checked, immutable (design/0005-who-asks.md). What is undefined is left to others. */
import type { PolicyMode, PolicyTarget } from "../authorization/policy.ts";
import type { CredentialPlace } from "./credential-places.ts";

export interface AuthenticationPolicy {
  /** "AuthenticationPolicy/<namespace>/<name>", the resource's name. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  /** 0 where unknown (files). */
  readonly createdAtSeconds: number;
  readonly mode: PolicyMode;
  readonly targets: readonly PolicyTarget[];
  readonly requirement: Requirement | undefined;
  readonly jwt: JwtMethod | undefined;
  readonly apiKeys: ApiKeysMethod | undefined;
  readonly basic: BasicMethod | undefined;
  /** Not empty: why it cannot be carried out; nobody is let in by it. */
  readonly unusable: readonly string[];
}

export type Requirement = "Required" | "Optional";

/** The keys themselves come apart from the policy, as a Secret of its name (waystone.proto, Credentials); so do passwords. */
export interface ApiKeysMethod {
  readonly places: readonly CredentialPlace[];
  /** As written. */
  readonly ownerHeader: string | undefined;
  readonly forward: boolean;
}

export interface BasicMethod {
  readonly userHeader: string | undefined;
  readonly forward: boolean;
}

export interface JwtMethod {
  readonly providers: readonly JwtProvider[];
}

export interface JwtProvider {
  readonly name: string;
  readonly issuer: string;
  /** Empty: any, and none. */
  readonly audiences: readonly string[];
  readonly keys: KeySource;
  readonly places: readonly CredentialPlace[];
  readonly clockSkewMs: number;
  readonly forward: boolean;
  readonly claimsToHeaders: readonly ClaimToHeader[];
}

export interface ClaimToHeader {
  readonly claim: string;
  /** As written. */
  readonly header: string;
}

export type KeySource =
  | { readonly type: "inline"; readonly text: string }
  | {
      readonly type: "uri";
      readonly uri: string;
      readonly refreshMs: number;
      /** Addresses and blocks that may be dialled although they are guarded. */
      readonly allowedAddresses: readonly string[];
    }
  /** There is nothing to check by: every token is refused. */
  | { readonly type: "missing"; readonly reason: string };
