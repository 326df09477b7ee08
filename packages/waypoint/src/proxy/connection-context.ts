/** What every exchange of one client connection shares: whom it reached, who it is, how its claims are treated. */
import type { ClientView } from "@waystone/engine/authorization/authorization-request";
import type { WorkloadLabelsResource } from "@waystone/api/resources";
import type { Clock } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";
import type { Overload } from "../overload/overload.ts";
import type { WaypointSettings } from "../settings.ts";
import type { ServedPort, Snapshot, WorkloadState } from "../store/snapshot.ts";
import type { AccessLogEntry } from "../telemetry/access-log.ts";
import type { RequestMetrics, StatusSeries } from "../telemetry/request-metrics.ts";
import type { CredentialBook } from "../passwords/credential-book.ts";
import type { PasswordChecker } from "../passwords/password-checker.ts";
import type { TokenVerifier } from "../tokens/token-verifier.ts";
import type { UpstreamContext } from "../upstream/upstream-context.ts";
import type { Forwarding } from "./forwarding.ts";
import type { AuthorizerMetrics } from "../authorizer/authorizer-metrics.ts";
import type { HeaderBlock } from "../http/header-block.ts";
import type { HeldBytes } from "../http/held-bytes.ts";
import type { LongLivedSet } from "./long-lived.ts";
import type { WaitingMirrors } from "./waiting-mirrors.ts";
import type { PolicyDecisions } from "./policy-decisions.ts";

/** One per worker. */
export interface ProxyContext {
  readonly settings: WaypointSettings;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly upstream: UpstreamContext;
  readonly metrics: RequestMetrics;
  readonly overload: Pick<Overload, "isShedding">;
  readonly current: () => Snapshot;
  /** Undefined: access logs are off. */
  readonly log: ((entry: AccessLogEntry) => void) | undefined;
  /** Waits for a client's identity; undefined: it stayed unknown. */
  readonly whenKnown: (address: string, tell: (state: WorkloadState | undefined) => void) => void;
  /** Connections and tunnels that are asked again when the configuration changes. */
  readonly longLived: LongLivedSet;
  readonly decisions: PolicyDecisions;
  readonly authorizers: AuthorizerMetrics;
  /** Bytes of messages that are not whole yet. */
  readonly held: HeldBytes;
  readonly mirrors: WaitingMirrors;
  readonly tokens: TokenVerifier;
  readonly credentials: Pick<CredentialBook, "of">;
  readonly passwords: PasswordChecker;
}

export interface ConnectionContext {
  readonly proxy: ProxyContext;
  /** Of the port the connection came in on, in the snapshot; it may leave while the connection stays. */
  readonly listenKey: string;
  /** As it was then: what refusals are counted under when it has left. */
  readonly acceptedPort: ServedPort;
  /** Who the client is: asked at each request, because the answer may come after the connection. */
  readonly identity: () => WorkloadState | undefined;
  /** As policies see it; undefined headers: of a connection. */
  readonly client: (headers: HeaderBlock | undefined) => ClientView;
  readonly forwarding: () => Forwarding;
  /** Of the client, for maps of metric series. */
  readonly sourceKey: () => string;
}

export function labelsOf(state: WorkloadState | undefined): WorkloadLabelsResource | undefined {
  return state?.known === true ? state.labels : undefined;
}

/** Series of answers that no endpoint gave, by Service port and source. */
export function localSeries(context: ConnectionContext, port: ServedPort): StatusSeries {
  const { metrics } = context.proxy;
  const key = `${port.key} ${context.sourceKey()}`;
  let series = metrics.local.get(key);
  if (series === undefined) {
    series = metrics.series(labelsOf(context.identity()), port, undefined);
    metrics.local.set(key, series);
  }
  return series;
}
