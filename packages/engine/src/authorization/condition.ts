/**
 * One field of a source or operation, compiled. The same objects decide and explain, so that what is explained is what was
 * decided. `test` allocates nothing.
 */
import type { AuthorizationRequest, Destination } from "./authorization-request.ts";
import { type JudgedHeaders, noHeaders } from "./judged-headers.ts";

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
  /** Who the client is decides it, so that this is waited for. */
  readonly readsIdentity: boolean;
  /** The path decides it. */
  readonly readsPath: boolean;
  readonly readsHeaders: JudgedHeaders;
  /** Of an expression how many steps it takes at most; 0 of all else. */
  readonly steps: number;
  test(request: AuthorizationRequest, destination: Destination): boolean;
  /** What was there instead, for people; "" for nothing. */
  actual(request: AuthorizationRequest, destination: Destination): string;
}

/** What a condition asks of the thing it looks at, before `negated`. */
export interface Attribute {
  readonly needsRequest: boolean;
  readonly readsIdentity?: boolean;
  readonly readsPath?: boolean;
  readonly readsHeaders?: JudgedHeaders;
  /** Of an expression: what it costs at most. */
  readonly steps?: number;
  test(request: AuthorizationRequest, destination: Destination): boolean;
  actual(request: AuthorizationRequest, destination: Destination): string;
}

export class AttributeCondition implements Condition {
  readonly attribute: string;
  readonly key: string;
  readonly negated: boolean;
  readonly values: readonly string[];
  readonly needsRequest: boolean;
  readonly readsIdentity: boolean;
  readonly readsPath: boolean;
  readonly readsHeaders: JudgedHeaders;
  readonly steps: number;
  readonly #asked: Attribute;

  constructor(written: Pick<Condition, "attribute" | "key" | "negated" | "values">, asked: Attribute) {
    this.attribute = written.attribute;
    this.key = written.key;
    this.negated = written.negated;
    this.values = written.values;
    this.needsRequest = asked.needsRequest;
    this.readsIdentity = asked.readsIdentity ?? false;
    this.readsPath = asked.readsPath ?? false;
    this.readsHeaders = asked.readsHeaders ?? noHeaders;
    this.steps = asked.steps ?? 0;
    this.#asked = asked;
  }

  test(request: AuthorizationRequest, destination: Destination): boolean {
    return this.#asked.test(request, destination) !== this.negated;
  }

  actual(request: AuthorizationRequest, destination: Destination): string {
    return this.#asked.actual(request, destination);
  }
}
