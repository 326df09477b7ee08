/** Lines of the access log are made of parts that the line before had: whatever came before, a line says what its request was. */
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { type AccessLogEntry, AccessLogFormat } from "./access-log.ts";

const few = fc.constantFrom("", "a", "b", 'x"y\n', "\u00e9\u2028");
const number = fc.constantFrom(-1, 0, 1, 2.5, 1000);
const source = {
  namespace: "shop",
  workload: "web",
  serviceAccount: "web",
  app: "",
  version: "",
  canonicalService: "",
  canonicalRevision: "",
  uid: "",
};
const names = fc.constantFrom<readonly string[]>([], ["p"], ["p", "q"], "abcdefghijk".split(""));

const entries: fc.Arbitrary<AccessLogEntry> = fc.record({
  startTimeMs: fc.oneof(
    fc.constantFrom(0, 999, 1000, 1000.5, 1_999.9),
    fc.double({ min: 0, max: 4e12, noNaN: true }),
  ),
  durationMs: fc.constantFrom(0, 0.4, 1.5, 20),
  method: few,
  path: few,
  protocol: fc.constantFrom("HTTP/1.1", "HTTP/2"),
  responseCode: fc.constantFrom(200, 403),
  responseFlags: fc.constantFrom("-", "UAEX"),
  responseCodeDetails: few,
  reason: fc.constantFrom("Upstream", "Timeout"),
  bytesReceived: fc.nat(3),
  bytesSent: fc.nat(3),
  upstreamServiceTimeMs: number,
  forwardedFor: few,
  userAgent: few,
  requestId: few,
  authority: few,
  upstreamHost: few,
  upstreamCluster: few,
  downstreamLocal: few,
  downstreamRemote: few,
  routeName: few,
  serverName: few,
  source: fc.constantFrom(undefined, source),
  grpcStatus: fc.constantFrom(-1, 0, 7),
  attempts: fc.nat(2),
  policies: names,
  policyRule: few,
  shadowDeniedBy: names,
  authorizerOutcome: few,
  authorizerMs: number,
  upstreamFailure: few,
  requestPrincipal: few,
});

test("a line after any others is the line that it would be alone", () => {
  fc.assert(
    fc.property(fc.array(entries, { minLength: 2, maxLength: 6 }), (following) => {
      const format = new AccessLogFormat();
      for (const entry of following) expect(format.format(entry)).toBe(new AccessLogFormat().format(entry));
    }),
  );
});

test("each key has what its entry says", () => {
  fc.assert(
    fc.property(fc.array(entries, { minLength: 1, maxLength: 3 }), (following) => {
      const format = new AccessLogFormat();
      for (const entry of following) {
        const line = format.format(entry);
        expect(line.endsWith("}\n") && !line.slice(0, -1).includes("\n")).toBe(true);
        expect(JSON.parse(line)).toEqual(wanted(entry));
      }
    }),
  );
});

function wanted(entry: AccessLogEntry): object {
  const text = (value: string): string | null => (value === "" ? null : value);
  const ms = (value: number): number | null => (value < 0 ? null : Math.round(value));
  const list = (all: readonly string[]): string | null =>
    text([...all.slice(0, 8), ...(all.length > 8 ? ["..."] : [])].join(","));
  return {
    start_time: new Date(entry.startTimeMs).toISOString(),
    route_name: text(entry.routeName),
    method: text(entry.method),
    path: text(entry.path),
    protocol: entry.protocol,
    response_code: entry.responseCode,
    response_flags: entry.responseFlags,
    response_code_details: text(entry.responseCodeDetails),
    connection_termination_details: null,
    reason: entry.reason,
    bytes_received: entry.bytesReceived,
    bytes_sent: entry.bytesSent,
    duration: ms(entry.durationMs),
    upstream_service_time: ms(entry.upstreamServiceTimeMs),
    x_forwarded_for: text(entry.forwardedFor),
    user_agent: text(entry.userAgent),
    request_id: text(entry.requestId),
    authority: text(entry.authority),
    upstream_host: text(entry.upstreamHost),
    upstream_cluster: text(entry.upstreamCluster),
    upstream_local_address: null,
    downstream_local_address: text(entry.downstreamLocal),
    downstream_remote_address: text(entry.downstreamRemote),
    requested_server_name: text(entry.serverName),
    upstream_transport_failure_reason: text(entry.upstreamFailure),
    source_namespace: text(entry.source?.namespace ?? ""),
    source_workload: text(entry.source?.workload ?? ""),
    source_service_account: text(entry.source?.serviceAccount ?? ""),
    grpc_status: entry.grpcStatus < 0 ? null : entry.grpcStatus,
    attempts: entry.attempts,
    policy: list(entry.policies),
    policy_rule: text(entry.policyRule),
    shadow_denied_by: list(entry.shadowDeniedBy),
    authorizer_outcome: text(entry.authorizerOutcome),
    authorizer_duration: ms(entry.authorizerMs),
    request_principal: text(entry.requestPrincipal),
  };
}
