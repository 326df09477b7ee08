/**
 * What a worker runs: an immutable picture of everything that was pushed, compiled for the data path. A delta makes a new
 * one that shares all that did not change (store.ts); a request keeps the one it began with. Endpoints are the exception:
 * an Endpoint object lives on from snapshot to snapshot, because it carries its load and its connections.
 */
import type { WorkloadLabelsResource } from "@waystone/api/resources";
import type { ConnectionTable } from "@waystone/engine/route/connection-table";
import type { PortPrograms } from "@waystone/engine/authorization/port-programs";
import type { AuthenticationPlan } from "@waystone/engine/authentication/plan";
import type { PortPlans } from "@waystone/engine/authentication/port-plans";
import type { Program } from "@waystone/engine/authorization/program";
import type { BackendTraffic } from "@waystone/engine/retry/backend-traffic";
import type { RouteRule } from "@waystone/engine/route/route";
import type { RouteTable } from "@waystone/engine/route/route-table";
import type { TlsSessions } from "../upstream/tls-sessions.ts";
import type { BackendTls } from "./backend-tls.ts";
import type { StoredCredentials } from "./secret-from-resource.ts";
import type { StoredPolicy } from "./policies.ts";

export interface Snapshot {
  /** Counts up with every delta taken into use. */
  readonly sequence: number;
  /** Every Service port that is listened on, by "address:port" ("[v6]:port"). */
  readonly listeners: ReadonlyMap<string, ServedPort>;
  /** The endpoints of every known Service port, by "<namespace>/<name>:<port>". */
  readonly backends: ReadonlyMap<string, Backend>;
  /** What to do for each rule of every route of this snapshot; not to be asked for a rule of another one. */
  readonly rules: RuleIndex;
  /** One growing map for all snapshots: an answer to "who is this address?" is not configuration (identity-table.ts). */
  readonly workloads: ReadonlyMap<string, WorkloadState>;
  /** By resource name; another map whenever any of them changed. */
  readonly policies: ReadonlyMap<string, StoredPolicy>;
  /** The routes that ask somebody themselves (ExternalAuth), by resource name, with the labels of their rules that do. */
  readonly askingRoutes: AskingRoutes;
  /** API keys and passwords, by the policy that checks them. */
  readonly credentials: ReadonlyMap<string, StoredCredentials>;
}

export type AskingRoutes = ReadonlyMap<string, ReadonlySet<string>>;

export interface RuleIndex {
  get(rule: RouteRule): ServedRule | undefined;
}

export type PortProtocol = "http" | "tcp";

/** One port of one enrolled Service: what a connection to it gets. */
export interface ServedPort {
  /** "<namespace>/<name>:<port>" */
  readonly key: string;
  readonly serviceNamespace: string;
  readonly serviceName: string;
  /** "<name>.<namespace>.svc.cluster.local" */
  readonly serviceHost: string;
  readonly port: number;
  readonly protocol: PortProtocol;
  /** Declared TLS: clients speak it with the endpoints themselves. */
  readonly isTls: boolean;
  /** Clients are to come by another way: each connection ends after its next answer. */
  readonly isReleasing: boolean;
  /** `key` as listenKey spells it. */
  readonly listen: readonly { readonly address: string; readonly port: number; readonly key: string }[];
  /** Routes of the Service's own namespace; undefined: none are attached, and every request goes to `backend`. */
  readonly routes: RouteTable | undefined;
  /** Routes of other namespaces, for clients from there, before `routes` (GEP-1294). */
  readonly consumerRoutes: ReadonlyMap<string, RouteTable>;
  /** The same for connections, on a port that is not HTTP. */
  readonly connectionRoutes: ConnectionTable | undefined;
  readonly consumerConnectionRoutes: ReadonlyMap<string, ConnectionTable>;
  /** The Service's own endpoints. */
  readonly backend: Backend;
  /** Undefined: no policy has a say. */
  readonly policies: PortPolicies | undefined;
}

/** What decides about requests (or connections) to a port, compiled. */
export interface PortPolicies extends PortPrograms, PortPlans {
  /** Whether any of them has to know who the client is. */
  readonly readsIdentity: boolean;
}

/**
 * The endpoints of one Service port. One object for as long as anybody refers to it; `endpoints` is exchanged, whole, when
 * a snapshot is taken into use, so that thousands of rules need not be made anew for a pod that comes or goes. Like the
 * Endpoints, it is the same for all snapshots: a retry sees who is there now. Read `endpoints` once per pick.
 */
export interface Backend {
  /** "<namespace>/<name>:<port>" */
  readonly key: string;
  readonly serviceNamespace: string;
  readonly serviceName: string;
  readonly serviceHost: string;
  readonly port: number;
  /**
   * What may be picked: the ready ones; where none is ready, those still serving while they terminate (KEP-1669).
   */
  readonly endpoints: readonly Endpoint[];
  /** Terminating and still serving, while others are ready: they keep the sessions that they have, and get no new ones. */
  readonly lingering: readonly Endpoint[];
  /** Not empty: why nothing may be sent to it whatever endpoints it has, so that it has none here. */
  readonly unusable: string;
  /** Of the XBackendTrafficPolicy in force for its Service; exchanged as the endpoints are. */
  readonly traffic: BackendTraffic | undefined;
  /** What the policies of this Service port say, whoever sends a request on to it. Exchanged like the endpoints. */
  readonly program: Program | undefined;
  readonly authentication: AuthenticationPlan | undefined;
}

/**
 * Kept over snapshots as long as "address:port" belongs to the backend and is the same workload: series and pool may be
 * bound to it. Owned by the store, which closes it.
 */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** "address:port" */
  readonly key: string;
  /** Its Service's port is declared HTTP/2 or gRPC: no HTTP/1.1 is spoken with it (with prior knowledge, RFC 9113 3.3). */
  readonly speaksHttp2: boolean;
  /** A BackendTLSPolicy is in force: connections to it are TLS. */
  readonly tls: BackendTls | undefined;
  readonly labels: WorkloadLabelsResource | undefined;
  /** Requests and connections under way: what picking compares. */
  active: number;
  /** Set by the first use (upstream/pool.ts); closed gracefully when the endpoint leaves the backend. */
  pool: EndpointPool | undefined;
  /** Set by the first use: TLS sessions of this endpoint under this policy alone. */
  sessions: TlsSessions | undefined;
}

export interface EndpointPool {
  /** The endpoint left: idle connections close now, busy ones after their exchange. */
  retire(): void;
}

export interface ServedRule {
  readonly rule: RouteRule;
  /** Same order as rule.backends; undefined where the reference is invalid. */
  readonly backends: readonly (Backend | undefined)[];
  /** Running sums of the weights, same order; the last is the total, 0 where nothing may be picked. */
  readonly cumulativeWeights: readonly number[];
  /** Same order: what the ExternalAuth filters of backendRefs come to; empty where none has one. */
  readonly backendAuth: readonly (Program | undefined)[];
  /** Same order as rule.mirrors. */
  readonly mirrors: readonly (Backend | undefined)[];
  /** Same orders, for filters of backendRefs; empty where none has one, so that most requests can be seen to be copied to nobody. */
  readonly backendMirrors: readonly (readonly (Backend | undefined)[])[];
}

/** An address that was asked about: a workload, or the certainty that it is nobody we know. */
export type WorkloadState =
  | {
      readonly known: true;
      readonly labels: WorkloadLabelsResource;
      readonly podLabels: ReadonlyMap<string, string>;
    }
  | { readonly known: false };
