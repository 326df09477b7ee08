/**
 * Every answer that is ours and every way an exchange can end badly: one row each, which decides the HTTP and gRPC status,
 * the response flag (Envoy's letters), the reason in logs and metrics (agentgateway's words), the text for people, and
 * whether the client's connection survives.
 */

interface Row {
  readonly status: number;
  /** For gRPC requests, which get it in trailers-only answers (used from the HTTP/2 issue on). */
  readonly grpcStatus: number;
  readonly flag: string;
  readonly reason: string;
  readonly text: string;
  /** The connection cannot be trusted (or should not be kept) after this. */
  readonly close: boolean;
}

const table = {
  "bad-request": row(400, 3, "DPE", "InvalidRequest", "bad request", true),
  "request-timeout": row(408, 4, "DPE", "Timeout", "the request's header did not arrive in time", true),
  "body-timeout": row(408, 4, "DPE", "Timeout", "the request's body did not arrive in time", true),
  "bad-hello": row(400, 3, "DPE", "InvalidRequest", "the client's first words are no TLS ClientHello", true),
  "target-too-long": row(414, 3, "DPE", "InvalidRequest", "the request target is too long", true),
  "expectation-failed": row(417, 3, "DPE", "InvalidRequest", "expectation not supported", true),
  "headers-too-large": row(431, 8, "DPE", "InvalidRequest", "the request's header is too large", true),
  "unsupported-coding": row(501, 12, "DPE", "InvalidRequest", "transfer coding not supported", true),
  "unsupported-version": row(505, 12, "DPE", "InvalidRequest", "HTTP version not supported", true),
  "method-not-allowed": row(405, 12, "DPE", "InvalidRequest", "method not allowed here", true),
  "bad-path": row(400, 3, "DPE", "InvalidRequest", "the path cannot be normalised", true),
  "no-route": row(404, 12, "NR", "NotFound", "no route matches", false),
  "not-served": row(503, 14, "NR", "NotFound", "this Service port is no longer served here", true),
  "no-valid-backend": row(500, 14, "NC", "NotFound", "the route's backend cannot be used", false),
  "configuration-unread": row(
    500,
    14,
    "NC",
    "NotFound",
    "what may protect this Service cannot be read (see waystone status)",
    false,
  ),
  "backend-tls-unusable": row(
    500,
    14,
    "NC",
    "NotFound",
    "the policy for TLS to the backend cannot be carried out",
    false,
  ),
  "no-healthy-upstream": row(503, 14, "UH", "NoHealthyBackend", "no healthy upstream", false),
  "connect-failed": row(503, 14, "UF", "UpstreamFailure", "upstream connect failure", false),
  "backend-tls": row(503, 14, "UF", "UpstreamFailure", "upstream TLS handshake failure", false),
  "connect-timeout": row(504, 14, "UF", "Timeout", "upstream connect timeout", false),
  "pool-overflow": row(503, 14, "UO", "UpstreamFailure", "too many requests wait for this upstream", false),
  "forbidden-address": row(503, 14, "NC", "NotFound", "the endpoint's address may not be dialled", false),
  "upstream-closed": row(
    503,
    14,
    "UC",
    "UpstreamFailure",
    "upstream closed the connection before its answer",
    false,
  ),
  "retry-budget-spent": row(503, 14, "URX", "UpstreamFailure", "the backend's retry budget is spent", false),
  "upstream-reset": row(503, 14, "UR", "UpstreamFailure", "upstream reset", false),
  "upstream-protocol": row(502, 14, "UPE", "UpstreamFailure", "upstream sent an invalid answer", false),
  "upstream-truncated": row(502, 14, "UC", "UpstreamFailure", "upstream ended its answer early", true),
  "upstream-timeout": row(504, 4, "UT", "Timeout", "upstream request timeout", false),
  "stream-idle": row(504, 4, "SI", "Timeout", "nothing moved on the stream", true),
  "downstream-closed": row(499, 1, "DC", "Downstream", "the client went away", true),
  // As Istio says it.
  "access-denied": row(403, 7, "RBAC", "Authorization", "RBAC: access denied", false),
  "authorizer-denied": row(403, 7, "UAEX", "Authorization", "denied by an external authorizer", false),
  "authorizer-error": row(403, 7, "UAEX", "Authorization", "an external authorizer cannot be asked", false),
  "authorizer-body": row(413, 8, "UAEX", "Authorization", "the body is too long for an authorizer", true),
  "authorizer-unasked": row(
    503,
    14,
    "UAEX",
    "Authorization",
    "an authorizer has to be asked by now, and was not",
    false,
  ),
  // RFC 9110 15.5.2; a token may be shown on the same connection next.
  "credential-missing": row(401, 16, "UAEX", "Authentication", "authentication is required", false),
  "credential-refused": row(401, 16, "UAEX", "Authentication", "the credential is not accepted", false),
  "identity-unknown": row(503, 14, "UAEX", "Internal", "the client's identity is not known yet", false),
  /** Closes, so that the client's next connection may reach a waypoint that has room. */
  overloaded: row(503, 14, "OM", "Internal", "the waypoint is out of memory for more requests", true),
  draining: row(503, 14, "-", "Internal", "the waypoint is shutting down", true),
  internal: row(500, 13, "-", "Internal", "internal error", true),
} as const satisfies Record<string, Row>;

export type ProxyErrorKind = keyof typeof table;

export const proxyErrorKinds: readonly ProxyErrorKind[] = Object.keys(table) as ProxyErrorKind[];

export function proxyError(kind: ProxyErrorKind): Row {
  return table[kind];
}

/** For answers after which another try may soon do better (RFC 9110 10.2.3); one second, as memory is looked at each. */
export function retryAfterLine(kind: ProxyErrorKind): string {
  return kind === "overloaded" ? "Retry-After: 1\r\n" : "";
}

function row(
  status: number,
  grpcStatus: number,
  flag: string,
  reason: string,
  text: string,
  close: boolean,
): Row {
  return { status, grpcStatus, flag, reason, text, close };
}
