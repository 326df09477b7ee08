/**
 * What authorization looks at. An attribute that nobody knows is "" or undefined: no value is equal to it. Addresses are in the form
 * of base/ip, the path is normalised, the host lower-case and without port.
 */

export interface AuthorizationRequest {
  readonly client: ClientView;
  readonly method: string;
  readonly host: string;
  /** Without query. */
  readonly path: string;
  /** What follows the first ?, without it. */
  readonly query: string;
  /** Every value of a header, by lower-case name, in order. */
  headerValues(name: string): readonly string[];
  /** Milliseconds since 1970. */
  timeMs(): number;
  /** An expression of the policy could not be evaluated. */
  expressionFailed(policy: string): void;
}

/** Where the request goes: a port of a Service, as the client dialled it. */
export interface Destination {
  readonly namespace: string;
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly port: number;
}

export interface ClientView {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Of the client's pod. */
  label(key: string): string | undefined;
  /** Of the TLS certificate, without "spiffe://". */
  readonly principal: string;
  /** Who opened the connection. */
  readonly peerAddress: string;
  /** Who is behind trusted proxies; the peer where none is trusted. */
  readonly remoteAddress: string;
  /** A token that was verified. */
  readonly token: TokenView | undefined;
}

export interface TokenView {
  /** "<issuer>/<subject>" */
  readonly principal: string;
  readonly audiences: readonly string[];
  readonly presenter: string;
  /** The texts of a claim, "a.b" within claims; empty where there is none. */
  claim(name: string): readonly string[];
}

/** For connections: nothing of a request is known. */
export function connectionRequest(
  client: ClientView,
  expressionFailed: (policy: string) => void = () => undefined,
): AuthorizationRequest {
  const unknown = { method: "", host: "", path: "", query: "", headerValues: () => nothing };
  return { ...unknown, client, timeMs: () => 0, expressionFailed };
}

const nothing: readonly string[] = [];
