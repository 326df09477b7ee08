/**
 * `provider` of a CUSTOM -> the Authorizer that waypoints ask. A reference that leads nowhere, or to another namespace that has not
 * granted it, is sent with its reason: what would be put to it is then refused, `failOpen` or not.
 */
import type { BackendObjectReference } from "@waystone/api/kubernetes/gateway";
import type { AuthorizationPolicySpec } from "@waystone/api/kubernetes/waystone";
import { AuthorizerApi, type AuthorizerResource } from "@waystone/api/resources";
import { parseDuration } from "@waystone/base/duration";
import type { FetchContext } from "@waystone/collection/collection";
import type { Sources } from "../../model/sources.ts";
import { findBackend } from "../http-route/backend-reference.ts";
import { Faults } from "../http-route/faults.ts";
import { isReferenceGranted, type Referrer } from "./reference-grant.ts";
import type { TargetContext } from "./targets.ts";

export interface AuthorizerContext extends Pick<TargetContext, "fetch" | "sources" | "model" | "namespace"> {
  readonly tlsPolicies: Parameters<typeof findBackend>[0]["tlsPolicies"];
}

export interface TranslatedAuthorizer {
  readonly resource: AuthorizerResource;
  /** "<namespace>/<name>": its endpoints are needed; undefined: it is not to be asked. */
  readonly service: string | undefined;
  readonly fault: AuthorizerFault | undefined;
}

export interface AuthorizerFault {
  readonly field: string;
  readonly reason: "BackendNotFound" | "InvalidKind" | "RefNotPermitted" | "UnsupportedProtocol";
  readonly message: string;
}

type Provider = NonNullable<AuthorizationPolicySpec["provider"]>;

export const defaultTimeout = "1s";
export const defaultStatusOnError = 403;

/** `name`: the policy's. */
export function translateAuthorizer(
  context: AuthorizerContext,
  name: string,
  provider: Provider,
): TranslatedAuthorizer | undefined {
  const { grpc, http, body } = provider;
  const ref = grpc?.backendRef ?? http?.backendRef;
  // The schema refuses it.
  if (ref === undefined) return undefined;
  const service = `${ref.namespace ?? context.namespace}/${ref.name}`;
  const fault = referenceFault(context, name, provider, ref);
  return {
    service: fault === undefined ? service : undefined,
    fault,
    resource: {
      service,
      port: ref.port,
      api: grpc === undefined ? AuthorizerApi.HTTP_CHECK : AuthorizerApi.EXT_AUTHZ_V3,
      invalid: fault?.message ?? "",
      timeoutMs: parseDuration(provider.timeout ?? defaultTimeout),
      failOpen: provider.failOpen ?? false,
      statusOnError: provider.statusOnError ?? defaultStatusOnError,
      bodyMaxBytes: body?.maxBytes ?? 0,
      bodyAllowPartial: body?.allowPartial ?? false,
      contextExtensions: sorted(provider.contextExtensions),
      path: http?.path ?? "",
      allowedHeaders: [...(http?.allowedHeaders ?? [])],
      headersToBackend: [...(http?.headersToBackend ?? [])],
      headersToClient: [...(http?.headersToClient ?? [])],
    },
  };
}

/** So that the same extensions are the same bytes. */
function sorted(extensions: Provider["contextExtensions"] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(extensions).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function referenceFault(
  context: AuthorizerContext,
  name: string,
  { grpc }: Provider,
  ref: NonNullable<Provider["grpc"]>["backendRef"],
): AuthorizerFault | undefined {
  const { fetch, sources, model, namespace, tlsPolicies } = context;
  const field = `spec.provider.${grpc === undefined ? "http" : "grpc"}.backendRef`;
  const from = { group: "waystone.dev", kind: "AuthorizationPolicy", namespace };
  const refusal = grantRefusal(fetch, sources, from, ref);
  if (refusal !== undefined) return { field, ...refusal };
  const faults = new Faults();
  const kind = grpc === undefined ? "HTTPRoute" : "GRPCRoute";
  const needs = new Set<string>();
  findBackend(
    { fetch, sources, services: model.services, tlsPolicies, name, namespace, kind, needs },
    ref,
    field,
    faults,
  );
  const [unresolved] = faults.unresolved;
  return unresolved && { field, reason: unresolved.reason, message: unresolved.message };
}

/** Why a Service of another namespace is not asked: nobody there has granted it. */
export function grantRefusal(
  fetch: FetchContext,
  sources: Pick<Sources, "referenceGrants">,
  from: Referrer,
  ref: Pick<BackendObjectReference, "namespace" | "name">,
): { readonly reason: "RefNotPermitted"; readonly message: string } | undefined {
  const to = { group: "", kind: "Service", namespace: ref.namespace ?? from.namespace, name: ref.name };
  if (isReferenceGranted(fetch, sources, from, to)) return undefined;
  const whose = from.kind.endsWith("y") ? `${from.kind.slice(0, -1)}ies` : `${from.kind}s`;
  const message = `Service ${to.namespace}/${to.name} is of another namespace, and no ReferenceGrant there lets ${whose} of ${from.namespace} refer to it`;
  return { reason: "RefNotPermitted", message };
}
