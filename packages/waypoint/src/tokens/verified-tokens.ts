/**
 * Tokens whose signature held, by their whole text: bounded by count and by bytes, the oldest go first. That a token is here
 * says who made it, and nothing of whether it is taken: that is judged at every request (engine/authentication/judge-claims.ts).
 */
import { detachText } from "../http/detach-text.ts";
import type { TokenClaims } from "@waystone/engine/authentication/token-claims";

export interface VerifiedToken {
  readonly text: string;
  readonly claims: TokenClaims;
  /** Of the signature: its key and algorithm (signerOf of engine/authentication/key-set.ts). */
  readonly signer: string;
}

export interface TokenLimits {
  readonly count: number;
  readonly bytes: number;
}

/** Some 10,000 callers, with tokens of the usual 1 kB and what is read out of them. */
export const defaultTokenLimits: TokenLimits = { count: 10_000, bytes: 16_000_000 };

/** Beside the text: claims are kept parsed. */
const overhead = 3;

export class VerifiedTokens {
  readonly #limits: TokenLimits;
  readonly #tokens = new Map<string, VerifiedToken>();
  #bytes = 0;

  constructor(limits: TokenLimits = defaultTokenLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#tokens.size;
  }

  /** Does not reorder: a hit is one look-up. What is used again after it was dropped is verified again. */
  get(text: string): VerifiedToken | undefined {
    return this.#tokens.get(text);
  }

  add(verified: VerifiedToken): void {
    const token = { ...verified, text: detachText(verified.text) };
    this.delete(token.text);
    this.#tokens.set(token.text, token);
    this.#bytes += sizeOf(token);
    for (const [text] of this.#tokens) {
      if (this.#tokens.size <= this.#limits.count && this.#bytes <= this.#limits.bytes) break;
      this.delete(text);
    }
  }

  delete(text: string): void {
    const token = this.#tokens.get(text);
    if (token === undefined) return;
    this.#tokens.delete(text);
    this.#bytes -= sizeOf(token);
  }

  clear(): void {
    this.#tokens.clear();
    this.#bytes = 0;
  }
}

function sizeOf({ text }: VerifiedToken): number {
  return text.length * overhead;
}
