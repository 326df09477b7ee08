/**
 * CORS (GEP-1767, Fetch 3.2): a preflight is always answered by the proxy and never forwarded; other answers get the
 * headers that let a page of an allowed origin read them. With such a filter the proxy owns the Access-Control-* response
 * headers, so a backend's own are dropped.
 */
import { type HeaderLine, headerLine, isToken } from "../headers/header-line.ts";
import { compileOrigins, matchesOrigin, type OriginMatcher } from "./cors-origin.ts";
import type { Problems } from "./problems.ts";

export interface CorsPolicy {
  readonly origins: OriginMatcher;
  readonly allowCredentials: boolean;
  /** Undefined: not configured, the header is left out. "*": what the preflight asks for. */
  readonly methods: string | undefined;
  readonly headers: string | undefined;
  readonly maxAge: HeaderLine;
  /** Those that do not depend on the request: exposed headers and credentials. */
  readonly fixed: readonly HeaderLine[];
}

export interface CorsInput {
  readonly allowOrigins?: readonly string[] | null;
  readonly allowCredentials?: boolean | null;
  readonly allowMethods?: readonly string[] | null;
  readonly allowHeaders?: readonly string[] | null;
  readonly exposeHeaders?: readonly string[] | null;
  readonly maxAgeSeconds?: number | null;
}

/** The headers of a response that the data path drops where a CORS policy applies; lower case. */
export const corsResponseHeaderNames: ReadonlySet<string> = new Set([
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-expose-headers",
  "access-control-max-age",
]);

/** GEP-1767: browsers keep a preflight's answer this long unless told. */
const defaultMaxAgeSeconds = 5;

export function compileCors(input: CorsInput, field: string, problems: Problems): CorsPolicy {
  const allowCredentials = input.allowCredentials === true;
  const exposed = tokenList(input.exposeHeaders ?? [], `${field}.exposeHeaders`, problems);
  const fixed: HeaderLine[] = [];
  if (allowCredentials) fixed.push(headerLine("Access-Control-Allow-Credentials", "true"));
  // With credentials "*" would be read as a header's name, and Gateway API forbids it.
  if (exposed !== undefined && !(exposed === "*" && allowCredentials)) {
    fixed.push(headerLine("Access-Control-Expose-Headers", exposed));
  }
  return {
    origins: compileOrigins(input.allowOrigins ?? [], (index, problem) =>
      problems.add(`${field}.allowOrigins[${index}]`, problem),
    ),
    allowCredentials,
    methods: tokenList(input.allowMethods ?? [], `${field}.allowMethods`, problems),
    headers: tokenList(input.allowHeaders ?? [], `${field}.allowHeaders`, problems),
    maxAge: headerLine("Access-Control-Max-Age", String(input.maxAgeSeconds || defaultMaxAgeSeconds)),
    fixed,
  };
}

/** "a, b"; "*" as soon as it is among them; undefined for none. */
function tokenList(values: readonly string[], field: string, problems: Problems): string | undefined {
  for (const [index, value] of values.entries()) {
    if (!isToken(value)) problems.add(`${field}[${index}]`, `${JSON.stringify(value)} is not a name`);
  }
  if (values.length === 0) return undefined;
  return values.includes("*") ? "*" : values.join(", ");
}

/** Every value of the headers in question. */
export interface CorsRequest {
  readonly method: string;
  readonly origin: readonly string[];
  readonly requestMethod: readonly string[];
  readonly requestHeaders: readonly string[];
}

/** What CORS looks at in a request. */
export function corsRequestOf(request: CorsView): CorsRequest {
  return {
    method: request.method,
    origin: request.headerValues("origin"),
    requestMethod: request.headerValues("access-control-request-method"),
    requestHeaders: request.headerValues("access-control-request-headers"),
  };
}

interface CorsView {
  readonly method: string;
  headerValues(name: string): readonly string[];
}

/** A preflight is recognised by both headers; OPTIONS without them is a request like any other (Fetch 3.2.2). */
export function isPreflight(request: CorsRequest): boolean {
  return request.method === "OPTIONS" && request.origin.length > 0 && request.requestMethod.length > 0;
}

export interface PreflightAnswer {
  /** 200 where the origin is allowed, 403 where it is not; never a body. */
  readonly status: 200 | 403;
  readonly headers: readonly HeaderLine[];
}

/** What answers a preflight, in place of any backend. */
export function answerPreflight(policy: CorsPolicy, request: CorsRequest): PreflightAnswer {
  const allowed = allowOrigin(policy, request.origin);
  if (allowed === undefined) return { status: 403, headers: [varyOrigin] };
  const headers = [allowed];
  // "*" is answered with what was asked for: that covers Authorization, which a literal "*" does not, and may be sent
  // with credentials too.
  const methods = policy.methods === "*" ? echoedTokens(request.requestMethod) : policy.methods;
  if (methods !== undefined) headers.push(headerLine("Access-Control-Allow-Methods", methods));
  const names = policy.headers === "*" ? echoedTokens(request.requestHeaders) : policy.headers;
  if (names !== undefined) headers.push(headerLine("Access-Control-Allow-Headers", names));
  headers.push(policy.maxAge, ...policy.fixed);
  if (!isSameForAll(policy)) headers.push(varyOrigin);
  return { status: 200, headers };
}

/** The lines to add to a response that came from elsewhere; nothing for a request without Origin but "Vary". */
export function corsResponseHeaders(policy: CorsPolicy, origin: readonly string[]): readonly HeaderLine[] {
  const allowed = allowOrigin(policy, origin);
  if (allowed === undefined) return isSameForAll(policy) ? [] : [varyOrigin];
  return isSameForAll(policy) ? [allowed, ...policy.fixed] : [allowed, ...policy.fixed, varyOrigin];
}

/** Caches must not show one origin's answer to another (Fetch 3.2.5). */
const varyOrigin = headerLine("Vary", "Origin");
const anyOrigin = headerLine("Access-Control-Allow-Origin", "*");

function isSameForAll(policy: CorsPolicy): boolean {
  return policy.origins.any && !policy.allowCredentials;
}

/** Two Origin headers are no origin. The value goes back as it came: the codec let no control character in. */
function allowOrigin(policy: CorsPolicy, origin: readonly string[]): HeaderLine | undefined {
  const value = origin[0];
  if (value === undefined || origin.length > 1 || !matchesOrigin(policy.origins, value)) return undefined;
  return isSameForAll(policy) ? anyOrigin : headerLine("Access-Control-Allow-Origin", value);
}

/** The names of a comma-separated list, if they all are names. */
function echoedTokens(values: readonly string[]): string | undefined {
  const names = values.flatMap((value) => value.split(",")).map((name) => name.trim());
  return names.length > 0 && names.every(isToken) ? names.join(", ") : undefined;
}
