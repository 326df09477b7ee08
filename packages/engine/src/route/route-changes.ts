/**
 * What a rule and the backend that was picked make of a request before it goes on: another path, another host, other headers. A
 * Service of somebody else that a route leads to is asked about what this leaves, since that is what it gets.
 */
import type { HeaderModifier } from "../headers/header-modifier.ts";
import type { Matched, RouteBackend, RouteRule } from "./route.ts";
import { rewritePath } from "./url-rewrite.ts";

export interface RouteChanges {
  readonly path: string;
  /** "" as it was. */
  readonly hostname: string;
  /** In order. */
  readonly modifiers: readonly HeaderModifier[];
}

type Changing = Pick<RouteBackend, "requestHeaders" | "rewrite" | "externalAuth">;

/** Undefined: it goes on as it came. */
export function routeChanges(
  { rule, match }: Matched,
  backend: Changing | undefined,
  path: string,
): RouteChanges | undefined {
  const modifiers = requestModifiers(rule.requestHeaders, backend?.requestHeaders);
  const rewrite = backend?.rewrite ?? rule.rewrite;
  if (rewrite === undefined && modifiers.length === 0) return undefined;
  return {
    path: rewrite === undefined ? path : rewritePath(rewrite, path, prefixOf(match)),
    hostname: rewrite?.hostname || rule.rewrite?.hostname || "",
    modifiers,
  };
}

/**
 * Whether requests come to the Services of a namespace as somebody else's route has made them: even to the Service that they were sent to
 * (GEP-1294 lets a client's own namespace route them). Whom an ExternalAuth filter asks changes headers too.
 */
export function isChangedByOthers(
  rule: RouteRule,
  backend: Changing | undefined,
  serviceNamespace: string,
): boolean {
  if (rule.route.namespace === serviceNamespace) return false;
  return changesRequests(rule) || (backend !== undefined && changesRequests(backend));
}

function changesRequests({ rewrite, requestHeaders, externalAuth }: Changing): boolean {
  return rewrite !== undefined || requestHeaders !== undefined || externalAuth !== undefined;
}

/** "" for matches other than by prefix: a prefix can be replaced for those alone. */
export function prefixOf({ path }: Matched["match"]): string {
  return path.type === "prefix" ? path.value : "";
}

const none: readonly HeaderModifier[] = [];

function requestModifiers(
  ofRule: HeaderModifier | undefined,
  ofBackend: HeaderModifier | undefined,
): readonly HeaderModifier[] {
  if (ofRule === undefined) return ofBackend === undefined ? none : [ofBackend];
  return ofBackend === undefined ? [ofRule] : [ofRule, ofBackend];
}
