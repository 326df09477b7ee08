/**
 * RequestRedirect: the Location that answers a request. Built from the normalised path and a checked host alone, so
 * nothing that a client sends can end the header line (reference R12); the query goes along byte for byte.
 */
import { parseAuthority } from "../path/normalize-host.ts";
import {
  compilePathModifier,
  modifyPath,
  type PathModifier,
  type PathModifierInput,
} from "./path-modifier.ts";
import type { Problems } from "./problems.ts";

export interface Redirect {
  readonly status: number;
  /** Empty: the request's. */
  readonly scheme: "" | "http" | "https";
  /** Empty: the request's host. */
  readonly hostname: string;
  /** 0: as Gateway API derives it. */
  readonly port: number;
  readonly path: PathModifier | undefined;
}

export interface RedirectInput {
  readonly scheme?: string | null;
  readonly hostname?: string | null;
  readonly path?: PathModifierInput | null;
  readonly port?: number | null;
  readonly statusCode?: number | null;
}

/** What a Location is made of. */
export interface RedirectedRequest {
  readonly scheme: "http" | "https";
  /** Of the Host header, as parseAuthority gave it. */
  readonly host: string;
  /** The port that the client dialled: the listener's, or the Service's. */
  readonly listenerPort: number;
  /** Normalised. */
  readonly path: string;
  readonly hasQuery: boolean;
  readonly query: string;
}

const statuses: readonly number[] = [301, 302, 303, 307, 308];

export function compileRedirect(
  input: RedirectInput,
  prefixMatches: boolean,
  field: string,
  problems: Problems,
): Redirect {
  const status = input.statusCode || 302;
  if (!statuses.includes(status))
    problems.add(`${field}.statusCode`, `${status} is none of ${statuses.join(", ")}`);
  const scheme = input.scheme ?? "";
  if (scheme !== "" && scheme !== "http" && scheme !== "https") {
    problems.add(`${field}.scheme`, `${JSON.stringify(scheme)} is neither http nor https`);
  }
  const port = input.port ?? 0;
  if (port > 65_535) problems.add(`${field}.port`, `${port} is not a port`);
  return {
    status,
    scheme: scheme === "http" || scheme === "https" ? scheme : "",
    hostname: compileHostname(input.hostname ?? "", `${field}.hostname`, problems),
    port,
    path: input.path ? compilePathModifier(input.path, prefixMatches, `${field}.path`, problems) : undefined,
  };
}

/** A host name without a port, in its one spelling; "" stays "". */
export function compileHostname(value: string, field: string, problems: Problems): string {
  if (value === "") return "";
  const parsed = parseAuthority(value);
  if ("refused" in parsed)
    problems.add(field, `${JSON.stringify(value)} is not a host name: ${parsed.refused}`);
  else if (parsed.port !== undefined) problems.add(field, `${JSON.stringify(value)} has a port`);
  else return parsed.host;
  return "";
}

/** `matchedPrefix` as in path-modifier.ts. */
export function redirectLocation(
  redirect: Redirect,
  request: RedirectedRequest,
  matchedPrefix: string,
): string {
  const scheme = redirect.scheme || request.scheme;
  const host = redirect.hostname || request.host;
  const path =
    redirect.path === undefined ? request.path : modifyPath(redirect.path, request.path, matchedPrefix);
  return `${scheme}://${host}${portSuffix(redirect, request, scheme)}${path}${request.hasQuery ? `?${request.query}` : ""}`;
}

/**
 * Gateway API, HTTPRequestRedirectFilter.port: as configured; else the well-known port of a configured scheme; else the
 * listener's. A scheme's well-known port is not written.
 */
function portSuffix(redirect: Redirect, request: RedirectedRequest, scheme: "http" | "https"): string {
  const wellKnown = scheme === "http" ? 80 : 443;
  const port = redirect.port || (redirect.scheme === "" ? request.listenerPort : wellKnown);
  return port === wellKnown ? "" : `:${port}`;
}
