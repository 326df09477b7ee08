/**
 * One JSON line per request (and per TCP connection), with Istio's keys and `reason`. Text that came from outside is
 * escaped by JSON.stringify: nothing that a client sends can end a line or forge a field.
 */
import type { WorkloadLabelsResource } from "@waystone/api/resources";

export interface AccessLogEntry {
  readonly startTimeMs: number;
  readonly durationMs: number;
  readonly method: string;
  /** As it came, with its query. */
  readonly path: string;
  readonly protocol: string;
  readonly responseCode: number;
  readonly responseFlags: string;
  /** "via_upstream", or our own word for what happened, with its detail. */
  readonly responseCodeDetails: string;
  readonly reason: string;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Until the upstream's head came; -1 where none did. */
  readonly upstreamServiceTimeMs: number;
  readonly forwardedFor: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly authority: string;
  /** "address:port", "" for none. */
  readonly upstreamHost: string;
  /** "<namespace>/<service>:<port>", "" for none. */
  readonly upstreamCluster: string;
  readonly downstreamLocal: string;
  readonly downstreamRemote: string;
  /** "" where none matched. */
  readonly routeName: string;
  /** That a TLS client asked for, where the waypoint looked; "" for all else. */
  readonly serverName: string;
  readonly source: WorkloadLabelsResource | undefined;
  /** Of a gRPC call; -1 for all else. */
  readonly grpcStatus: number;
  readonly attempts: number;
  /** Resource names: what decided about it, or those of which none allowed it; empty where no policy had a say. */
  readonly policies: readonly string[];
  readonly policyRule: string;
  readonly shadowDeniedBy: readonly string[];
  /** Of the last external authorizer that was asked; "" for none. */
  readonly authorizerOutcome: string;
  /** How long all of them took; -1 for none. */
  readonly authorizerMs: number;
  readonly upstreamFailure: string;
}

export function formatAccessLog(entry: AccessLogEntry): string {
  const source = entry.source;
  return (
    `{"start_time":"${new Date(entry.startTimeMs).toISOString()}","route_name":${text(entry.routeName)},` +
    `"method":${text(entry.method)},"path":${text(entry.path)},"protocol":"${entry.protocol}",` +
    `"response_code":${entry.responseCode},"response_flags":"${entry.responseFlags}",` +
    `"response_code_details":${text(entry.responseCodeDetails)},"connection_termination_details":null,` +
    `"reason":"${entry.reason}","bytes_received":${entry.bytesReceived},"bytes_sent":${entry.bytesSent},` +
    `"duration":${Math.round(entry.durationMs)},` +
    `"upstream_service_time":${entry.upstreamServiceTimeMs < 0 ? "null" : Math.round(entry.upstreamServiceTimeMs)},` +
    `"x_forwarded_for":${text(entry.forwardedFor)},"user_agent":${text(entry.userAgent)},` +
    `"request_id":${text(entry.requestId)},"authority":${text(entry.authority)},` +
    `"upstream_host":${text(entry.upstreamHost)},"upstream_cluster":${text(entry.upstreamCluster)},` +
    `"upstream_local_address":null,"downstream_local_address":${text(entry.downstreamLocal)},` +
    `"downstream_remote_address":${text(entry.downstreamRemote)},"requested_server_name":${text(entry.serverName)},` +
    `"upstream_transport_failure_reason":${text(entry.upstreamFailure)},` +
    `"source_namespace":${text(source?.namespace ?? "")},"source_workload":${text(source?.workload ?? "")},` +
    `"source_service_account":${text(source?.serviceAccount ?? "")},"grpc_status":${entry.grpcStatus < 0 ? "null" : entry.grpcStatus},"attempts":${entry.attempts},` +
    `"policy":${list(entry.policies)},"policy_rule":${text(entry.policyRule)},"shadow_denied_by":${list(entry.shadowDeniedBy)},` +
    `"authorizer_outcome":${text(entry.authorizerOutcome)},"authorizer_duration":${entry.authorizerMs < 0 ? "null" : Math.round(entry.authorizerMs)}}\n`
  );
}

/** More would be read by nobody. */
const shownNames = 8;

function list(names: readonly string[]): string {
  if (names.length === 0) return "null";
  const shown = names.length > shownNames ? [...names.slice(0, shownNames), "..."] : names;
  return text(shown.join(","));
}

/** A JSON string, or null for nothing. */
function text(value: string): string {
  return value === "" ? "null" : JSON.stringify(value);
}
