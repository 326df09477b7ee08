/**
 * Routes as the engine knows them: what a Route resource says, checked and compiled, with nothing left to decide per
 * request but the request itself. Built by route-from-resource.ts, organised by route-table.ts, all immutable.
 */
import type { AuthorizationPolicy } from "../authorization/policy.ts";
import type { HeaderModifier } from "../headers/header-modifier.ts";
import type { TextPattern } from "../pattern/text-pattern.ts";
import type { SessionPolicy } from "../session/session-policy.ts";
import type { CorsPolicy } from "./cors.ts";
import type { Redirect } from "./redirect.ts";
import type { UrlRewrite } from "./url-rewrite.ts";

export interface Route {
  /** "<Kind>/<namespace>/<name>", the resource's name. */
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly createdAtSeconds: number;
  readonly parents: readonly RouteParent[];
  /** Of a TLSRoute, the names that it takes (server-name.ts); empty: any, and connections that name none. */
  readonly hostnames: readonly string[];
  readonly rules: readonly RouteRule[];
}

export interface RouteParent {
  /** "<namespace>/<name>" */
  readonly service: string;
  /** 0: every port. */
  readonly port: number;
}

export interface RouteRule {
  readonly route: Route;
  /** Position in the route, from 0. */
  readonly index: number;
  readonly name: string;
  /** What logs call the rule: "<namespace>/<route>/<rule name or index>". */
  readonly label: string;
  /** Never empty but for TLSRoute and TCPRoute, which have none. */
  readonly matches: readonly RouteMatch[];
  readonly requestHeaders: HeaderModifier | undefined;
  readonly responseHeaders: HeaderModifier | undefined;
  readonly redirect: Redirect | undefined;
  readonly rewrite: UrlRewrite | undefined;
  readonly mirrors: readonly Mirror[];
  readonly cors: CorsPolicy | undefined;
  /** Whom its ExternalAuth filter has asked. */
  readonly externalAuth: AuthorizationPolicy | undefined;
  readonly backends: readonly RouteBackend[];
  /** 0: off; undefined: the route does not say. */
  readonly requestTimeoutMs: number | undefined;
  /** 0: off. */
  readonly backendRequestTimeoutMs: number;
  readonly retry: RetryPolicy | undefined;
  readonly session: SessionPolicy | undefined;
}

export interface RouteMatch {
  readonly path: PathMatch;
  readonly headers: readonly ValueMatch[];
  readonly queryParams: readonly ValueMatch[];
  /** Empty: any. Case-sensitive (RFC 9110 9.1). */
  readonly method: string;
}

export type PathMatch =
  | { readonly type: "exact"; readonly value: string }
  /** By element: "/foo" holds "/foo" and "/foo/bar", not "/foobar". Without a trailing slash; "" is every path. */
  | { readonly type: "prefix"; readonly value: string }
  | {
      readonly type: "regex";
      readonly pattern: TextPattern;
      readonly source: string;
      /** Whole elements that every matching path begins with, as in "prefix": where the table files the expression. */
      readonly under: string;
      /** The higher goes first; the length of the expression decides between equals. */
      readonly precedence: number;
    };

export interface ValueMatch {
  /** Header names lower-case; query names as given. */
  readonly name: string;
  readonly pattern: TextPattern;
  /** For people: the value or expression as written. */
  readonly source: string;
}

export interface Mirror {
  readonly backend: RouteBackend;
  /** Share of the requests, in [0, 1]. */
  readonly fraction: number;
}

export interface RouteBackend {
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly port: number;
  readonly weight: number;
  readonly requestHeaders: HeaderModifier | undefined;
  readonly responseHeaders: HeaderModifier | undefined;
  readonly redirect: Redirect | undefined;
  readonly rewrite: UrlRewrite | undefined;
  readonly mirrors: readonly Mirror[];
  readonly cors: CorsPolicy | undefined;
  readonly externalAuth: AuthorizationPolicy | undefined;
  /** Not empty: cannot be used; its share of the requests is answered with 500. */
  readonly invalid: string;
}

export interface RetryPolicy {
  /** Retries after the first try; 0: none of any kind, not even those that nobody has to ask for (Gateway API 1.7). */
  readonly attempts: number;
  /** The least pause before a retry; doubled each time, with jitter. */
  readonly backoffMs: number;
  readonly codes: readonly number[];
}

/** What matching looks at. The path is already normalised (path/normalize-path.ts) and has no query. */
export interface RequestView {
  readonly method: string;
  readonly path: string;
  /** After the "?", byte for byte; "" where there is none. */
  readonly query: string;
  /** Every value of a header, by lower-case name, in order; empty where there is none. */
  headerValues(name: string): readonly string[];
}

/** The one match of a rule that won. */
export interface Matched {
  readonly rule: RouteRule;
  readonly match: RouteMatch;
}
