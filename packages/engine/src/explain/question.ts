/** What is asked about: a request of a client, as its head would say it, or a connection. */
import type { AuthorizationRequest, ClientView } from "../authorization/authorization-request.ts";
import type { NormalisedRequest } from "../path/normalise-request.ts";
import type { RequestView } from "../route/route.ts";

export interface Question {
  readonly client: ClientView;
  readonly method: string;
  /** As on the request line: "/a?b=c". */
  readonly target: string;
  /** Of Host or :authority. */
  readonly authority: string;
  /** Each line of a header, by lower-case name. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** On a port that is looked into: what a TLS client asks for; "" for none. */
  readonly serverName: string;
  /** When it is asked, for expressions that look at the clock: milliseconds since 1970. */
  readonly timeMs: number;
}

const none: readonly string[] = [];

/** The request as it is judged and matched. */
export class AskedRequest implements NormalisedRequest, RequestView, AuthorizationRequest {
  readonly client: ClientView;
  readonly method: string;
  #failures = new Set<string>();
  readonly #timeMs: number;
  readonly #headers: ReadonlyMap<string, readonly string[]>;
  host = "";
  path = "";
  query = "";
  hasQuery = false;

  constructor({ client, method, headers, timeMs }: Question) {
    this.client = client;
    this.method = method;
    this.#headers = headers;
    this.#timeMs = timeMs;
  }

  headerValues(name: string): readonly string[] {
    return this.#headers.get(name) ?? none;
  }

  timeMs(): number {
    return this.#timeMs;
  }

  expressionFailed(policy: string): void {
    this.#failures.add(policy);
  }

  /** Policies of which an expression could not be evaluated since it was asked last. */
  takeFailures(): readonly string[] {
    const failures = [...this.#failures];
    this.#failures = new Set();
    return failures;
  }
}
