/**
 * ExternalAuth (GEP-1494) -> the Authorizer that waypoints ask, as for a CUSTOM. A backendRef that leads nowhere, or to another
 * namespace that has not granted it, is sent with its reason: what would be put to it is answered with 500. The Service that is asked
 * is no backend of the mesh's traffic, so GEP-1294's exception from ReferenceGrants is not for it.
 */
import type { HTTPRouteFilter } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup } from "@waystone/api/names";
import { AuthorizerApi, type AuthorizerResource, type RouteFilterResource } from "@waystone/api/resources";
import { parseDuration } from "@waystone/base/duration";
import { largestBody } from "@waystone/engine/authorization/authorizer";
import { isToken } from "@waystone/engine/headers/header-line";
import { defaultStatusOnError, defaultTimeout, grantRefusal } from "../policy/authorizer.ts";
import { type BackendContext, findBackend } from "./backend-reference.ts";
import { Faults } from "./faults.ts";

type ExternalAuth = NonNullable<HTTPRouteFilter["externalAuth"]>;

/** Of what cannot be resolved (Gateway API: a filter that cannot be set up is an error of the server). */
const statusOfFault = 500;

export function translateExternalAuth(
  context: BackendContext,
  { externalAuth }: HTTPRouteFilter,
  at: string,
  faults: Faults,
): RouteFilterResource | undefined {
  if (externalAuth === undefined) {
    faults.refuse(at, "is missing, although the filter's type asks for it");
    return undefined;
  }
  for (const check of [checkProtocol, checkPath, checkHeaders, checkBody]) check(externalAuth, at, faults);
  const { service, port, invalid } = findAuthorizer(context, externalAuth, `${at}.backendRef`, faults);
  const { http, grpc, forwardBody, protocol } = externalAuth;
  const headersToBackend = [...(http?.allowedResponseHeaders ?? [])];
  const resource: AuthorizerResource = {
    service,
    port,
    api: protocol === "GRPC" ? AuthorizerApi.EXT_AUTHZ_V3 : AuthorizerApi.HTTP_CHECK,
    invalid,
    timeoutMs: parseDuration(defaultTimeout),
    statusOnError: invalid === "" ? defaultStatusOnError : statusOfFault,
    bodyMaxBytes: forwardBody?.maxSize ?? 0,
    path: http?.path ?? "",
    allowedHeaders: [...((protocol === "GRPC" ? grpc : http)?.allowedHeaders ?? [])],
    headersToBackend,
    // "If this list is empty, then all headers from the authorization server except Authority or Host must be copied."
    allHeadersToBackend: protocol === "HTTP" && headersToBackend.length === 0,
    allHeadersToClient: protocol === "HTTP",
  };
  return { externalAuth: resource, filter: "externalAuth" };
}

function checkProtocol({ protocol, http, grpc }: ExternalAuth, at: string, faults: Faults): void {
  if (protocol === "GRPC" && http !== undefined)
    faults.refuse(`${at}.http`, "stands with protocol GRPC; remove it, or set protocol: HTTP");
  if (protocol === "HTTP" && grpc !== undefined)
    faults.refuse(`${at}.grpc`, "stands with protocol HTTP; remove it, or set protocol: GRPC");
}

/** "" for `invalid`: it can be asked. */
function findAuthorizer(
  context: BackendContext,
  { backendRef, protocol }: ExternalAuth,
  field: string,
  faults: Faults,
): { readonly service: string; readonly port: number; readonly invalid: string } {
  const { fetch, sources, namespace, kind } = context;
  // What is not to be asked is asked at no port either.
  const place = {
    service: `${backendRef.namespace ?? namespace}/${backendRef.name}`,
    port: backendRef.port ?? 1,
  };
  const refusal = grantRefusal(fetch, sources, { group: gatewayGroup, kind, namespace }, backendRef);
  if (refusal !== undefined) {
    faults.unresolve(field, refusal.reason, refusal.message);
    return { ...place, invalid: refusal.message };
  }
  const own = new Faults();
  // A port that is asked over gRPC has to speak HTTP/2, as that of a GRPCRoute's backend.
  const spoken = protocol === "GRPC" ? "GRPCRoute" : "HTTPRoute";
  const { invalid } = findBackend({ ...context, kind: spoken }, backendRef, field, own);
  faults.unresolved.push(...own.unresolved);
  return { ...place, invalid: invalid ?? "" };
}

/** The path is put before that of every request: it must be one itself, and lead nowhere else. */
function checkPath({ http }: ExternalAuth, at: string, faults: Faults): void {
  const path = http?.path ?? "";
  if (path !== "" && !path.startsWith("/")) faults.refuse(`${at}.http.path`, "has to begin with a slash");
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)|%2f|%5c/i.test(path))
    faults.refuse(`${at}.http.path`, 'has "." or ".." elements or encoded slashes; write what they come to');
}

function checkHeaders({ http, grpc }: ExternalAuth, at: string, faults: Faults): void {
  const lists = {
    "grpc.allowedHeaders": grpc?.allowedHeaders,
    "http.allowedHeaders": http?.allowedHeaders,
    "http.allowedResponseHeaders": http?.allowedResponseHeaders,
  };
  for (const [field, names = []] of Object.entries(lists)) {
    for (const [position, name] of names.entries()) {
      if (!isToken(name))
        faults.refuse(`${at}.${field}[${position}]`, `${JSON.stringify(name)} is not a header name`);
    }
  }
}

function checkBody({ forwardBody }: ExternalAuth, at: string, faults: Faults): void {
  const size = forwardBody?.maxSize ?? 0;
  if (size > largestBody)
    faults.refuse(
      `${at}.forwardBody.maxSize`,
      `${size} bytes would be held of each request; the most is ${largestBody}`,
    );
}
