/** The client as policies see it (engine/authorization): what the network says of its address, until there are tokens and TLS. */
import { parseIp } from "@waystone/base/ip";
import type { ClientView, TokenView } from "@waystone/engine/authorization/authorization-request";
import type { WorkloadState } from "../store/snapshot.ts";

/** `remoteAddress`: who is behind trusted hops; the peer where it is none. */
export function buildClientView(
  state: WorkloadState | undefined,
  peerAddress: string,
  remoteAddress: string,
): ClientView {
  const known = state?.known === true ? state : undefined;
  return {
    namespace: known?.labels.namespace ?? "",
    serviceAccount: known?.labels.serviceAccount ?? "",
    label: (key) => known?.podLabels.get(key),
    principal: "",
    peerAddress,
    remoteAddress,
    token: undefined,
  };
}

/**
 * From the right of X-Forwarded-For, past every hop that is trusted, the first that is not. Stops at what is no address: beyond
 * it nothing can be believed. `lines`: every line of the header, in order.
 */
export function addressBehindHops(
  peerAddress: string,
  lines: readonly string[],
  isTrustedHop: (address: string) => boolean,
): string {
  const claims = lines.flatMap((line) => line.split(","));
  let address = peerAddress;
  while (isTrustedHop(address)) {
    const next = parseIp(claims.pop()?.trim() ?? "");
    if (next === undefined) break;
    address = next;
  }
  return address;
}

export function withToken(view: ClientView, token: TokenView | undefined): ClientView {
  return token === undefined ? view : { ...view, token };
}
