/**
 * A Service port as a waypoint's snapshot has it, as far as explaining goes: the waypoint's own objects fit. What they cannot say
 * (the health of endpoints, the status of a refusal) is asked of who has them.
 */
import type { AuthenticationPlan } from "../authentication/plan.ts";
import type { PortPlans } from "../authentication/port-plans.ts";
import type { PortPrograms } from "../authorization/port-programs.ts";
import type { Program } from "../authorization/program.ts";
import type { ConnectionTable } from "../route/connection-table.ts";
import type { RouteRule } from "../route/route.ts";
import type { RouteTable } from "../route/route-table.ts";
import type { JudgeCredentials } from "./asked-credentials.ts";

export interface AskedPort {
  /** "<namespace>/<name>:<port>" */
  readonly key: string;
  readonly serviceNamespace: string;
  readonly serviceName: string;
  readonly serviceHost: string;
  readonly port: number;
  readonly protocol: "http" | "tcp";
  readonly routes: RouteTable | undefined;
  readonly consumerRoutes: ReadonlyMap<string, RouteTable>;
  readonly connectionRoutes: ConnectionTable | undefined;
  readonly consumerConnectionRoutes: ReadonlyMap<string, ConnectionTable>;
  readonly backend: AskedBackend;
  readonly policies: (PortPrograms & PortPlans) | undefined;
}

export interface AskedBackend {
  readonly key: string;
  /** What may be picked. */
  readonly endpoints: readonly unknown[];
  readonly unusable: string;
  readonly program: Program | undefined;
  readonly authentication: AuthenticationPlan | undefined;
}

/** The parts of a rule that lead to other Services. */
export interface AskedRule {
  /** Same order as those of the rule; undefined where the reference is invalid. */
  readonly backends: readonly (AskedBackend | undefined)[];
  readonly mirrors: readonly (AskedBackend | undefined)[];
  /** What the ExternalAuth filters of its backendRefs come to; empty where none has one. */
  readonly backendAuth: readonly (Program | undefined)[];
}

export interface AskedWaypoint {
  ruleOf(rule: RouteRule): AskedRule | undefined;
  /** "2 of 3 endpoints are ready" */
  healthOf(backend: string): string;
  /** Of an answer of the waypoint's own, by its name. */
  statusOf(kind: RefusalKind): number;
  readonly judgeCredentials: JudgeCredentials;
}

export type RefusalKind =
  | "bad-path"
  | "method-not-allowed"
  | "identity-unknown"
  | "credential-missing"
  | "credential-refused"
  | "access-denied"
  | "configuration-unread"
  | "authorizer-error"
  | "no-route"
  | "no-valid-backend"
  | "backend-tls-unusable"
  | "no-healthy-upstream";
