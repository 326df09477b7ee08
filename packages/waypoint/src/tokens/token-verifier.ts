/**
 * Whether a signature holds: asked of jose, once per token, while many requests may wait for the answer. How many are asked about at a time
 * is bounded; beyond that nobody waits.
 */
import { errorMessage } from "@waystone/base/error-message";
import { compactVerify, type CryptoKey, importJWK } from "jose";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import type { JwtProvider, KeySource } from "@waystone/engine/authentication/policy";
import { keysFor, type PublicKey, signerOf } from "@waystone/engine/authentication/key-set";
import { type DecodedToken, decodeToken } from "@waystone/engine/authentication/token";
import type { KeyRing } from "./key-ring.ts";
import { type VerifiedToken, VerifiedTokens } from "./verified-tokens.ts";

export type VerifyOutcome =
  | { readonly token: VerifiedToken }
  | { readonly refused: string }
  /** Too many others are being verified. */
  | { readonly overloaded: true };

type Tell = (outcome: VerifyOutcome) => void;

/** Verifying takes 0.1 ms of a thread: of one worker's tokens this many are some 50 ms of waiting. */
const underWayAtMost = 512;
/** As many as wait for identities (worker/identity-table.ts). */
const waitingAtMost = 1_024;
/** Keys of one name, or tokens that name none: each costs a verification. */
const keysTriedAtMost = 4;

export class TokenVerifier {
  readonly verified: VerifiedTokens;
  readonly ring: KeyRing;
  /** Of a flood of requests with one new token, one is verified. */
  readonly #underWay = new Map<AuthenticationPlan, Map<string, Set<Tell>>>();
  #tokens = 0;
  #waiting = 0;
  readonly #imported = new WeakMap<PublicKey, Map<string, Promise<CryptoKey>>>();

  constructor(ring: KeyRing, verified = new VerifiedTokens()) {
    this.ring = ring;
    this.verified = verified;
  }

  /** By the keys of the plan's providers of its issuer. Tells later, always. */
  verify(text: string, plan: AuthenticationPlan, tell: Tell): void {
    const joined = this.#underWay.get(plan)?.get(text);
    if (joined === undefined && this.#tokens >= underWayAtMost) return later(tell, { overloaded: true });
    if (this.#waiting >= waitingAtMost) return later(tell, { overloaded: true });
    if (joined !== undefined) {
      this.#waiting++;
      joined.add(tell);
      return;
    }
    const decoded = decodeToken(text);
    if ("refused" in decoded) return later(tell, decoded);
    const providers = plan.providers.get(decoded.claims.issuer);
    if (providers === undefined) return later(tell, { refused: "its issuer is not one of the providers" });
    this.#begin(plan, text, tell);
    void this.#verify(
      decoded,
      providers.map(({ provider }) => provider),
    ).then((outcome) => this.#end(plan, text, outcome));
  }

  #begin(plan: AuthenticationPlan, text: string, tell: Tell): void {
    this.#tokens++;
    this.#waiting++;
    const ofPlan = this.#underWay.get(plan);
    if (ofPlan === undefined) this.#underWay.set(plan, new Map([[text, new Set([tell])]]));
    else ofPlan.set(text, new Set([tell]));
  }

  #end(plan: AuthenticationPlan, text: string, outcome: VerifyOutcome): void {
    const ofPlan = this.#underWay.get(plan);
    const told = ofPlan?.get(text) ?? [];
    ofPlan?.delete(text);
    if (ofPlan?.size === 0) this.#underWay.delete(plan);
    this.#tokens--;
    for (const tell of told) {
      this.#waiting--;
      tell(outcome);
    }
  }

  async #verify(decoded: DecodedToken, providers: readonly JwtProvider[]): Promise<VerifyOutcome> {
    try {
      for (const { keys } of providers) {
        await new Promise<void>((resolve) => this.ring.whenKnown(keys, resolve));
        const token = (await this.#tryKeys(decoded, keys)) ?? (await this.#tryNewerKeys(decoded, keys));
        if (token !== undefined) return { token };
      }
      return { refused: "no key of its issuer made its signature" };
    } catch (error) {
      return { refused: errorMessage(error) };
    }
  }

  async #tryKeys(decoded: DecodedToken, source: KeySource): Promise<VerifiedToken | undefined> {
    for (const key of this.#candidates(decoded, source).slice(0, keysTriedAtMost)) {
      if (!(await this.#holds(decoded, key))) continue;
      const { text, claims, algorithm } = decoded;
      const token: VerifiedToken = { text, claims, signer: signerOf(key, algorithm) };
      this.verified.add(token);
      return token;
    }
    return undefined;
  }

  /** Its issuer may have begun to sign by another key: one that the token names, or one that it does not name. */
  async #tryNewerKeys(decoded: DecodedToken, source: KeySource): Promise<VerifiedToken | undefined> {
    if (decoded.keyId !== undefined && this.#candidates(decoded, source).length > 0) return undefined;
    const before = this.ring.keysOf(source);
    await new Promise<void>((resolve) => this.ring.whenRenewed(source, resolve));
    return this.ring.keysOf(source) === before ? undefined : await this.#tryKeys(decoded, source);
  }

  #candidates({ algorithm, keyId }: DecodedToken, source: KeySource): readonly PublicKey[] {
    return keysFor(this.ring.keysOf(source)?.keys ?? [], algorithm, keyId);
  }

  async #holds({ text, algorithm }: DecodedToken, key: PublicKey): Promise<boolean> {
    try {
      await compactVerify(text, await this.#import(key, algorithm), { algorithms: [algorithm] });
      return true;
    } catch {
      return false;
    }
  }

  #import(key: PublicKey, algorithm: string): Promise<CryptoKey> {
    let imported = this.#imported.get(key);
    if (imported === undefined) this.#imported.set(key, (imported = new Map()));
    let one = imported.get(algorithm);
    if (one === undefined) {
      one = importJWK({ ...key.jwk }, algorithm).then((made) => {
        if (made instanceof Uint8Array) throw new Error("a secret is no public key");
        return made;
      });
      imported.set(algorithm, one);
    }
    return one;
  }
}

function later(tell: Tell, outcome: VerifyOutcome): void {
  queueMicrotask(() => tell(outcome));
}
