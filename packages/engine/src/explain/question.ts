/** What is asked about: a request of a client, as its head would say it, or a connection. */
import { findTwins } from "../headers/header-twins.ts";
import type { CredentialRequest } from "../authentication/credential-places.ts";
import type { AuthorizationRequest, ClientView, TokenView } from "../authorization/authorization-request.ts";
import { changesOf, settleChanges } from "../headers/header-change.ts";
import type { HeaderLine } from "../headers/header-line.ts";
import type { NormalisedRequest } from "../path/normalise-request.ts";
import type { RouteChanges } from "../route/route-changes.ts";
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

interface Kept {
  readonly token: TokenView | undefined;
  readonly host: string;
  readonly path: string;
  readonly changed: ReadonlyMap<string, readonly string[]>;
}

/** The request as it is judged and matched. */
export class AskedRequest implements NormalisedRequest, RequestView, AuthorizationRequest, CredentialRequest {
  readonly #client: ClientView;
  readonly method: string;
  #failures = new Set<string>();
  readonly #timeMs: number;
  readonly #headers: ReadonlyMap<string, readonly string[]>;
  /** What policies made of some of them, by lower-case name. */
  #changed = new Map<string, readonly string[]>();
  /** Whom the policies that were asked last know the client as. */
  token: TokenView | undefined = undefined;
  host = "";
  path = "";
  query = "";
  hasQuery = false;

  constructor({ client, method, headers, timeMs }: Question) {
    this.#client = client;
    this.method = method;
    this.#headers = headers;
    this.#timeMs = timeMs;
  }

  get client(): ClientView {
    return this.token === undefined ? this.#client : { ...this.#client, token: this.token };
  }

  headerValues(name: string): readonly string[] {
    return this.#changed.get(name) ?? this.sentValues(name);
  }

  sentValues(name: string): readonly string[] {
    return this.#headers.get(name) ?? none;
  }

  /** To be told of, and not to decide by: it is no question about a header that nobody knows. */
  isSaidToHave(name: string): boolean {
    return this.#headers.has(name);
  }

  dropHeaders(names: Iterable<string>): void {
    const own = [...names];
    for (const name of [...own, ...findTwins(own, [...this.#headers.keys(), ...this.#changed.keys()])])
      this.#changed.set(name, none);
  }

  setHeaders(lines: readonly HeaderLine[]): void {
    for (const { lower, value } of lines) this.#changed.set(lower, [value]);
  }

  /** What a route makes of it on its way to a Service. */
  follow({ path, hostname, modifiers }: RouteChanges): void {
    this.path = path;
    if (hostname !== "") this.host = hostname;
    const { removed, added } = settleChanges(
      modifiers.flatMap(changesOf),
      (name) => this.headerValues(name).length > 0,
    );
    for (const name of removed) this.#changed.set(name, none);
    for (const { lower, value } of added) this.#changed.set(lower, [...this.headerValues(lower), value]);
  }

  /** Who it is known as, and what policies and routes made of it. */
  keep(): Kept {
    const { token, host, path } = this;
    return { token, host, path, changed: new Map(this.#changed) };
  }

  restore({ token, host, path, changed }: Kept): void {
    this.token = token;
    this.host = host;
    this.path = path;
    this.#changed = new Map(changed);
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
