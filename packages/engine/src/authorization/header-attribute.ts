/**
 * A header may have several lines. They are judged so that one more line never makes a decision milder (CVE-2020-25017): an ALLOW
 * wants every line to be right, a DENY or AUDIT finds one that is enough. With one line or none, a negated condition is the
 * opposite of the other.
 */
import type { AuthorizationRequest } from "./authorization-request.ts";
import type { Attribute } from "./condition.ts";
import type { TextValues } from "./text-values.ts";

export class HeaderAttribute implements Attribute {
  readonly needsRequest = true;
  readonly readsHeaders: ReadonlySet<string>;
  readonly #name: string;
  readonly #values: TextValues;
  readonly #wantsEvery: boolean;

  constructor(
    name: string,
    values: TextValues,
    { negated, isAllow }: { negated: boolean; isAllow: boolean },
  ) {
    this.#name = name;
    this.readsHeaders = new Set([name]);
    this.#values = values;
    // Negated in an ALLOW: false as soon as one line is a value, so the question behind it asks for one.
    this.#wantsEvery = isAllow !== negated;
  }

  test(request: AuthorizationRequest): boolean {
    const lines = request.headerValues(this.#name);
    for (let i = 0; i < lines.length; i++) {
      if (this.#values.test(lines[i]!) !== this.#wantsEvery) return !this.#wantsEvery;
    }
    return this.#wantsEvery && lines.length > 0;
  }

  actual(request: AuthorizationRequest): string {
    return request.headerValues(this.#name).join(", ");
  }
}
