/**
 * One JSON line per request (and per TCP connection), with Istio's keys and `reason`. Text that came from outside is
 * escaped by JSON.stringify: nothing that a client sends can end a line or forge a field. Most of a line says what the line
 * before said: such parts are kept as one text each, because what costs is to put a line together from seventy pieces.
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
  /** As whom an AuthenticationPolicy knew it: "<issuer>/<subject>", "apikey/<owner>", "basic/<user>"; "" for nobody. */
  readonly requestPrincipal: string;
}

type Pieces = (entry: AccessLogEntry) => readonly (string | number)[];

/** What most lines have as the one before had it. */
class Part {
  readonly #isSame: (last: AccessLogEntry, entry: AccessLogEntry) => boolean;
  readonly #pieces: Pieces;
  #last: AccessLogEntry | undefined = undefined;
  #text = "";

  constructor(isSame: (last: AccessLogEntry, entry: AccessLogEntry) => boolean, pieces: Pieces) {
    this.#isSame = isSame;
    this.#pieces = pieces;
  }

  of(entry: AccessLogEntry): string {
    if (this.#last === undefined || !this.#isSame(this.#last, entry)) {
      this.#last = entry;
      // join makes one flat text; what + makes is walked piece by piece whenever it is written.
      this.#text = this.#pieces(entry).join("");
    }
    return this.#text;
  }
}

/** One per worker: it remembers parts of the line before. */
export class AccessLogFormat {
  #second = Number.NaN;
  #secondText = "";
  readonly #route = new Part(
    (last, { routeName, method }) => last.routeName === routeName && last.method === method,
    ({ routeName, method }) => [`"route_name":${text(routeName)},"method":${text(method)},"path":`],
  );
  readonly #outcome = new Part(isSameOutcome, outcomePieces);
  readonly #client = new Part(
    (last, { forwardedFor, userAgent }) => last.forwardedFor === forwardedFor && last.userAgent === userAgent,
    ({ forwardedFor, userAgent }) => [
      `,"x_forwarded_for":${text(forwardedFor)},"user_agent":${text(userAgent)},"request_id":`,
    ],
  );
  readonly #place = new Part(isSamePlace, placePieces);
  readonly #rest = new Part(isSameRest, restPieces);
  /** Apart from the rest: many people may ask for the same. */
  readonly #principal = new Part(
    (last, { requestPrincipal }) => last.requestPrincipal === requestPrincipal,
    ({ requestPrincipal }) => [`,"request_principal":${text(requestPrincipal)}}\n`],
  );

  format(entry: AccessLogEntry): string {
    const { upstreamServiceTimeMs, authorizerMs } = entry;
    return (
      `${this.#startTime(entry.startTimeMs)}${this.#route.of(entry)}${text(entry.path)}` +
      `${this.#outcome.of(entry)}${entry.bytesReceived},"bytes_sent":${entry.bytesSent},` +
      `"duration":${Math.round(entry.durationMs)},"upstream_service_time":${milliseconds(upstreamServiceTimeMs)}` +
      `${this.#client.of(entry)}${text(entry.requestId)}${this.#place.of(entry)}${text(entry.downstreamRemote)}` +
      `${this.#rest.of(entry)}${milliseconds(authorizerMs)}${this.#principal.of(entry)}`
    );
  }

  #startTime(wallMs: number): string {
    const second = Math.floor(wallMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = `{"start_time":"${new Date(second * 1000).toISOString().slice(0, -"000Z".length)}`;
    }
    const ms = Math.floor(wallMs - second * 1000);
    return `${this.#secondText}${ms < 10 ? "00" : ms < 100 ? "0" : ""}${ms}Z",`;
  }
}

function isSameOutcome(last: AccessLogEntry, entry: AccessLogEntry): boolean {
  return (
    last.protocol === entry.protocol &&
    last.responseCode === entry.responseCode &&
    last.responseFlags === entry.responseFlags &&
    last.responseCodeDetails === entry.responseCodeDetails &&
    last.reason === entry.reason
  );
}

const outcomePieces: Pieces = ({ protocol, responseCode, responseFlags, responseCodeDetails, reason }) => [
  `,"protocol":"${protocol}","response_code":${responseCode},"response_flags":"${responseFlags}",`,
  `"response_code_details":${text(responseCodeDetails)},"connection_termination_details":null,`,
  `"reason":"${reason}","bytes_received":`,
];

function isSamePlace(last: AccessLogEntry, entry: AccessLogEntry): boolean {
  return (
    last.upstreamHost === entry.upstreamHost &&
    last.authority === entry.authority &&
    last.upstreamCluster === entry.upstreamCluster &&
    last.downstreamLocal === entry.downstreamLocal
  );
}

const placePieces: Pieces = ({ authority, upstreamHost, upstreamCluster, downstreamLocal }) => [
  `,"authority":${text(authority)},"upstream_host":${text(upstreamHost)},`,
  `"upstream_cluster":${text(upstreamCluster)},"upstream_local_address":null,`,
  `"downstream_local_address":${text(downstreamLocal)},"downstream_remote_address":`,
];

function isSameRest(last: AccessLogEntry, entry: AccessLogEntry): boolean {
  return (
    last.source === entry.source &&
    last.policies === entry.policies &&
    last.policyRule === entry.policyRule &&
    last.shadowDeniedBy === entry.shadowDeniedBy &&
    last.attempts === entry.attempts &&
    last.grpcStatus === entry.grpcStatus &&
    last.serverName === entry.serverName &&
    last.upstreamFailure === entry.upstreamFailure &&
    last.authorizerOutcome === entry.authorizerOutcome
  );
}

const restPieces: Pieces = (entry) => [
  `,"requested_server_name":${text(entry.serverName)},`,
  `"upstream_transport_failure_reason":${text(entry.upstreamFailure)},`,
  `"source_namespace":${text(entry.source?.namespace ?? "")},`,
  `"source_workload":${text(entry.source?.workload ?? "")},`,
  `"source_service_account":${text(entry.source?.serviceAccount ?? "")},`,
  `"grpc_status":${entry.grpcStatus < 0 ? "null" : entry.grpcStatus},"attempts":${entry.attempts},`,
  `"policy":${list(entry.policies)},"policy_rule":${text(entry.policyRule)},`,
  `"shadow_denied_by":${list(entry.shadowDeniedBy)},`,
  `"authorizer_outcome":${text(entry.authorizerOutcome)},"authorizer_duration":`,
];

/** Less than 0: was not measured. */
function milliseconds(value: number): string | number {
  return value < 0 ? "null" : Math.round(value);
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
