/** The policies of a scenario as Envoy's HTTP filters and its access log: two rbac filters, as Istio makes them of a DENY and an ALLOW. */
import { benchHeader, type BenchPolicies, type BenchRule, removedHeader, userHeader } from "../policies.ts";

const types = "type.googleapis.com/envoy.extensions";
const jwtFilter = "envoy.filters.http.jwt_authn";
const rbacFilter = "envoy.filters.http.rbac";

/** In front of the router. */
export function buildPolicyFilters(policies: BenchPolicies): readonly object[] {
  const { checksToken, denies, allows, authorizer } = policies;
  return [
    ...(checksToken ? [buildTokens(policies)] : []),
    ...(authorizer === undefined ? [] : [buildAuthorizer(authorizer)]),
    ...(denies.length > 0 ? [buildRules("DENY", denies)] : []),
    ...(allows.length > 0 ? [buildRules("ALLOW", allows)] : []),
  ];
}

/** Of every route. */
export function buildHeaderChanges(policies: BenchPolicies | undefined): object {
  if (policies?.changesHeaders !== true) return {};
  const { name: key, value } = benchHeader;
  const append_action = "OVERWRITE_IF_EXISTS_OR_ADD";
  return {
    request_headers_to_add: [{ header: { key, value }, append_action }],
    request_headers_to_remove: [removedHeader],
  };
}

function buildTokens({ issuer, audience, keys }: BenchPolicies): object {
  const provider = {
    issuer,
    audiences: [audience],
    local_jwks: { inline_string: keys },
    forward: true,
    payload_in_metadata: "payload",
    claim_to_headers: [{ header_name: userHeader, claim_name: "sub" }],
    jwt_cache_config: { jwt_cache_size: 1000 },
  };
  return {
    name: jwtFilter,
    typed_config: {
      "@type": `${types}.filters.http.jwt_authn.v3.JwtAuthentication`,
      providers: { bench: provider },
      rules: [{ match: { prefix: "/" }, requires: { provider_name: "bench" } }],
    },
  };
}

function buildRules(action: "ALLOW" | "DENY", rules: readonly BenchRule[]): object {
  return {
    name: rbacFilter,
    typed_config: {
      "@type": `${types}.filters.http.rbac.v3.RBAC`,
      rules: { action, policies: Object.fromEntries(rules.map((rule) => [rule.name, buildRule(rule)])) },
    },
  };
}

function buildRule({ path, methods, team }: BenchRule): object {
  const isMethod = methods.map((exact) => ({ header: { name: ":method", string_match: { exact } } }));
  const claim = {
    filter: jwtFilter,
    path: [{ key: "payload" }, { key: "team" }],
    value: { string_match: { exact: team } },
  };
  return {
    permissions: [
      { and_rules: { rules: [{ or_rules: { rules: isMethod } }, { url_path: { path: { prefix: path } } }] } },
    ],
    principals: [team === undefined ? { any: true } : { metadata: claim }],
  };
}

export const authorizerCluster = "authorizer";

function buildAuthorizer(protocol: "grpc" | "http"): object {
  const timeout = "1s";
  const grpc = { grpc_service: { envoy_grpc: { cluster_name: authorizerCluster }, timeout } };
  const http = {
    http_service: { server_uri: { uri: "http://authorizer", cluster: authorizerCluster, timeout } },
  };
  return {
    name: "envoy.filters.http.ext_authz",
    typed_config: {
      "@type": `${types}.filters.http.ext_authz.v3.ExtAuthz`,
      transport_api_version: "V3",
      ...(protocol === "grpc" ? grpc : http),
    },
  };
}

/** The keys of our own lines (waypoint/src/telemetry/access-log.ts); what Envoy has no word for is null. */
export function buildAccessLog(path: string): object {
  return {
    name: "envoy.access_loggers.file",
    typed_config: {
      "@type": `${types}.access_loggers.file.v3.FileAccessLog`,
      path,
      log_format: { json_format: logFormat },
    },
  };
}

const logFormat = {
  start_time: "%START_TIME%",
  route_name: "%ROUTE_NAME%",
  method: "%REQ(:METHOD)%",
  path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  protocol: "%PROTOCOL%",
  response_code: "%RESPONSE_CODE%",
  response_flags: "%RESPONSE_FLAGS%",
  response_code_details: "%RESPONSE_CODE_DETAILS%",
  connection_termination_details: "%CONNECTION_TERMINATION_DETAILS%",
  reason: null,
  bytes_received: "%BYTES_RECEIVED%",
  bytes_sent: "%BYTES_SENT%",
  duration: "%DURATION%",
  upstream_service_time: "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
  x_forwarded_for: "%REQ(X-FORWARDED-FOR)%",
  user_agent: "%REQ(USER-AGENT)%",
  request_id: "%REQ(X-REQUEST-ID)%",
  authority: "%REQ(:AUTHORITY)%",
  upstream_host: "%UPSTREAM_HOST%",
  upstream_cluster: "%UPSTREAM_CLUSTER%",
  upstream_local_address: "%UPSTREAM_LOCAL_ADDRESS%",
  downstream_local_address: "%DOWNSTREAM_LOCAL_ADDRESS%",
  downstream_remote_address: "%DOWNSTREAM_REMOTE_ADDRESS%",
  requested_server_name: "%REQUESTED_SERVER_NAME%",
  upstream_transport_failure_reason: "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
  source_namespace: null,
  source_workload: null,
  source_service_account: null,
  grpc_status: "%GRPC_STATUS_NUMBER%",
  attempts: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
  policy: null,
  policy_rule: null,
  shadow_denied_by: null,
  authorizer_outcome: null,
  authorizer_duration: null,
  request_principal: null,
};
