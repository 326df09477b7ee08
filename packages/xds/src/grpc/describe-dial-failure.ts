/** Why no controller was reached, in words for whoever reads a waypoint's log. */
import type { AttemptFailure } from "./dial-controller.ts";
import { formatHostPort, type HostPort } from "./push-address.ts";

export function describeLookupFailure(host: string, error: unknown): string {
  switch (codeOf(error)) {
    case "ENOTFOUND":
    case "ENODATA":
      return (
        `${host} has no address: its headless Service is not there, or no pod behind it is ready; ` +
        "is the controller installed and running in that namespace?"
      );
    case "EAI_AGAIN":
    case "ETIMEOUT":
      return `${host} could not be looked up: the cluster's DNS does not answer; do its pods run, does a NetworkPolicy keep this pod from them?`;
    default:
      return `${host} could not be looked up: ${messageOf(error)}`;
  }
}

/** Of all addresses, that failure which says most. */
export function describeDialFailures(
  target: HostPort,
  failures: readonly AttemptFailure[],
  caFile: string,
): string {
  const where = formatHostPort(target);
  const telling = failures.find(({ error }) => tellingReason(error, caFile) !== undefined);
  if (telling !== undefined)
    return `${where} (${telling.address}): ${tellingReason(telling.error, caFile) ?? ""}`;
  const all = `${failures.length === 1 ? "the one address" : `all ${failures.length} addresses`} of ${where}`;
  if (failures.every(({ error }) => error.code === "ECONNREFUSED")) {
    return `${all} refused the connection: no controller leads yet (only the leader listens; a new one takes up to 15 s)`;
  }
  const silent = failures.find(({ error }) => silentCodes.has(error.code ?? ""));
  if (silent !== undefined) {
    return (
      `${all} failed, and ${silent.address} did not answer: its node or pod is gone, or a NetworkPolicy ` +
      "keeps this pod from the controller's push port"
    );
  }
  const [first] = failures;
  return `${all} failed: ${first?.address ?? ""}: ${first === undefined ? "" : messageOf(first.error)}`;
}

const silentCodes: ReadonlySet<string> = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]);

/** Somebody answered, and it is not whom we look for. */
function tellingReason(error: NodeJS.ErrnoException, caFile: string): string | undefined {
  switch (error.code ?? "") {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "CERT_SIGNATURE_FAILURE":
      return (
        `its certificate is of none of the authorities in ${caFile}: the ConfigMap waystone-ca of this namespace is ` +
        "older than the controller's CA (kubelet brings a change within two minutes), or another program answers there"
      );
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `its certificate is for another name (${error.message}): is the controller's namespace the one that is dialled?`;
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return `its certificate is not valid now (${error.message}): do the clocks of both nodes agree?`;
    case "ENOTPUSH":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
    case "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL":
    case "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION":
      return `it is no push API of a controller: ${messageOf(error)}`;
    default:
      return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Some errors of sockets have a code and nothing else. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" ? codeOf(error) || error.name : error.message;
}
