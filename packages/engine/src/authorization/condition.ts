/**
 * One field of a source or operation, compiled. The same objects decide and explain, so that what is explained is what was
 * decided. `test` allocates nothing.
 */
import type { AuthorizationRequest } from "./authorization-request.ts";

export interface Condition {
  /** The field of the object: "namespaces", "paths". */
  readonly attribute: string;
  /** Of headers, claims and podLabels: which. */
  readonly key: string;
  readonly negated: boolean;
  /** As written. */
  readonly values: readonly string[];
  /** A connection without requests cannot tell. */
  readonly needsRequest: boolean;
  /** `port`: the Service's, as the client dialled it. */
  test(request: AuthorizationRequest, port: number): boolean;
  /** What was there instead, for people; "" for nothing. */
  actual(request: AuthorizationRequest, port: number): string;
}

/** What a condition asks of the thing it looks at, before `negated`. */
export interface Attribute {
  readonly needsRequest: boolean;
  test(request: AuthorizationRequest, port: number): boolean;
  actual(request: AuthorizationRequest, port: number): string;
}

export class AttributeCondition implements Condition {
  readonly attribute: string;
  readonly key: string;
  readonly negated: boolean;
  readonly values: readonly string[];
  readonly needsRequest: boolean;
  readonly #asked: Attribute;

  constructor(written: Pick<Condition, "attribute" | "key" | "negated" | "values">, asked: Attribute) {
    this.attribute = written.attribute;
    this.key = written.key;
    this.negated = written.negated;
    this.values = written.values;
    this.needsRequest = asked.needsRequest;
    this.#asked = asked;
  }

  test(request: AuthorizationRequest, port: number): boolean {
    return this.#asked.test(request, port) !== this.negated;
  }

  actual(request: AuthorizationRequest, port: number): string {
    return this.#asked.actual(request, port);
  }
}
