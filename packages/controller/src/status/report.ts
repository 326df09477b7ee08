/**
 * The status of everything as one JSON document: GET /status, and what `waystone status` prints (status-tables.ts). Plain
 * data; built by build-report.ts.
 */
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import type { Finding } from "../model/finding.ts";
import type { EndpointCount } from "./endpoint-count.ts";

export interface StatusReport {
  readonly services: readonly ServiceReport[];
  readonly routes: readonly RouteReport[];
  readonly gateways: readonly GatewayReport[];
  readonly policies: readonly PolicyReport[];
  /** Objects with something to say that none of the lists above has. */
  readonly others: readonly ObjectReport[];
  /** What is wrong with the input itself. */
  readonly problems: readonly FindingReport[];
  readonly waypoints: readonly WaypointReport[];
}

export interface ObjectReport {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly conditions: readonly Condition[];
  /** Policies of the Gateway API: what is said of them for each target. */
  readonly ancestors?: readonly {
    readonly ancestorRef: ParentReference;
    readonly conditions: readonly Condition[];
  }[];
  /** What people should know, one line each, with the place in the file where it is known. */
  readonly findings: readonly FindingReport[];
  /** Why a newer version is not in force. */
  readonly refusedVersion: string | null;
}

export interface FindingReport {
  readonly severity: Finding["severity"];
  readonly message: string;
  /** The message with its place in the file, its object and its field, as far as they are known. */
  readonly text: string;
}

export interface ServiceReport extends ObjectReport {
  /** null: it has none, it is at most a backend. */
  readonly waypoint: string | null;
  readonly addresses: readonly string[];
  readonly ports: readonly PortReport[];
  readonly endpoints: EndpointCount;
  /** Attached and accepted. */
  readonly routes: number;
  /** Everything that is not as it should be. */
  readonly problems: readonly string[];
}

export interface PortReport {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly protocolReason: string;
  readonly listen: readonly string[];
  readonly endpoints: EndpointCount;
}

export interface RouteReport extends ObjectReport {
  readonly parents: readonly {
    readonly parentRef: ParentReference;
    readonly controllerName: string;
    readonly waypoint: string | null;
    readonly conditions: readonly Condition[];
  }[];
}

export interface GatewayReport extends ObjectReport {
  /** Created by Waystone, because no Gateway of that name was given. */
  readonly implied: boolean;
  readonly services: number;
  readonly waypoints: number;
}

/** A policy of any kind, of ours or of the Gateway API. */
export interface PolicyReport extends ObjectReport {
  /** null: of a kind that has none. */
  readonly mode: "Enforce" | "Shadow" | null;
}

export interface WaypointReport {
  readonly id: string;
  readonly scope: string;
  readonly connected: true;
}
