/**
 * Forwarding headers (design.md section 5, reference U03): what goes upstream, given who the peer is. A workload we know
 * and a configured hop are appended to; what anyone else claims is replaced. Private addresses are not trusted as such
 * (CVE-2024-45806). traceparent, tracestate and B3 pass from everyone and do not concern this file.
 */

/** Who sent the request: a workload that the controller knows, a peer of the `trustedHops` setting, or anyone else. */
export type PeerTrust = "workload" | "trusted-hop" | "unknown";

/** Names that the data path writes itself with the functions below, whoever the peer is; lower case. */
export const ownForwardingHeaders: ReadonlySet<string> = new Set([
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-request-id",
]);

/** Further claims about where a request came from: dropped from unknown peers, passed from others. */
export const claimedForwardingHeaders: ReadonlySet<string> = new Set([
  "forwarded",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "true-client-ip",
  "x-forwarded-port",
  "x-forwarded-prefix",
  "x-forwarded-server",
  "x-original-url",
  "x-original-host",
  "x-rewrite-url",
]);

/**
 * Dropped from everyone: names with which other proxies tell an upstream what they found out, so that nobody may speak
 * in their place (CVE-2023-27487; the client certificate's header never passes in).
 */
export const forbiddenForwardingHeaders: ReadonlySet<string> = new Set([
  "x-forwarded-client-cert",
  "x-envoy-original-path",
  "x-envoy-original-host",
  "x-envoy-external-address",
  "x-envoy-internal",
]);

/** `existing`: every value of the header, in order. `address`: the peer's, as base/ip writes it. */
export function forwardedFor(trust: PeerTrust, existing: readonly string[], address: string): string {
  if (trust === "unknown" || existing.length === 0) return address;
  const before = existing.length === 1 ? existing[0]! : existing.filter((value) => value !== "").join(", ");
  return before === "" ? address : `${before}, ${address}`;
}

/** The scheme that the first client used, as far as it can be believed. */
export function forwardedProto(
  trust: PeerTrust,
  existing: readonly string[],
  scheme: "http" | "https",
): string {
  const value = existing.length === 1 ? existing[0]! : "";
  return trust !== "unknown" && (value === "http" || value === "https") ? value : scheme;
}
