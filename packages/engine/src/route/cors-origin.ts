/**
 * Origins of a CORS filter (GEP-1767): "*" for all, "https://a.com" for one, "https://*.a.com" for every name below
 * a.com, however many labels. Compared without case, and without a scheme's own port.
 */
import { parseAuthority } from "../path/normalize-host.ts";

export interface OriginMatcher {
  readonly any: boolean;
  readonly exact: ReadonlySet<string>;
  readonly wildcards: readonly { readonly start: string; readonly end: string }[];
}

/** `report` is called with the index and the problem of each origin that cannot be read. */
export function compileOrigins(
  origins: readonly string[],
  report: (index: number, problem: string) => void,
): OriginMatcher {
  const exact = new Set<string>();
  const wildcards: { start: string; end: string }[] = [];
  for (const [index, origin] of origins.entries()) {
    if (origin === "*") continue;
    const parsed = parseOrigin(origin);
    if (typeof parsed === "string") report(index, parsed);
    else if (parsed.wildcard)
      wildcards.push({ start: `${parsed.scheme}://`, end: `${parsed.host}${parsed.port}` });
    else exact.add(`${parsed.scheme}://${parsed.host}${parsed.port}`);
  }
  return { any: origins.includes("*"), exact, wildcards };
}

/** `origin` is an Origin header's value. */
export function matchesOrigin(matcher: OriginMatcher, origin: string): boolean {
  if (matcher.any) return true;
  const normal = normalizeOrigin(origin);
  if (matcher.exact.has(normal)) return true;
  return matcher.wildcards.some(({ start, end }) => matchesWildcard(normal, start, end));
}

/** What "*" stands for is part of a host name: nothing that could end the host and begin something else. */
function matchesWildcard(origin: string, start: string, end: string): boolean {
  if (origin.length <= start.length + end.length || !origin.startsWith(start) || !origin.endsWith(end))
    return false;
  return /^[a-z0-9._-]+$/.test(origin.slice(start.length, origin.length - end.length));
}

function normalizeOrigin(origin: string): string {
  const lower = origin.toLowerCase();
  if (lower.startsWith("http://")) return lower.endsWith(":80") ? lower.slice(0, -3) : lower;
  return lower.startsWith("https://") && lower.endsWith(":443") ? lower.slice(0, -4) : lower;
}

interface ParsedOrigin {
  readonly scheme: string;
  readonly wildcard: boolean;
  /** After the wildcard, where there is one. */
  readonly host: string;
  /** ":8080"; "" for the scheme's own. */
  readonly port: string;
}

function parseOrigin(text: string): ParsedOrigin | string {
  const parts = /^(https?):\/\/(\*?)(.*)$/i.exec(text);
  if (parts === null) return `${JSON.stringify(text)} is neither "*" nor "http(s)://<host>[:<port>]"`;
  const scheme = parts[1]!.toLowerCase();
  const wildcard = parts[2] === "*";
  const rest = parts[3]!;
  // "https://*" and "https://*:8443" are every host of that scheme (and port).
  const lead = wildcard ? /^\.?/.exec(rest)![0] : "";
  const isBare = wildcard && /^(?::\d{1,5})?$/.test(rest);
  const parsed = parseAuthority(isBare ? `x${rest}` : rest.slice(lead.length));
  if ("refused" in parsed) return `${JSON.stringify(text)} is not an origin: ${parsed.refused}`;
  const isOwnPort = parsed.port === (scheme === "http" ? 80 : 443);
  return {
    scheme,
    wildcard,
    host: isBare ? "" : lead + parsed.host,
    port: parsed.port === undefined || isOwnPort ? "" : `:${parsed.port}`,
  };
}
