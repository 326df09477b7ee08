/** What translation has to say of one object, before anybody has ACKed anything. */
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import { objectKey } from "@waystone/api/kubernetes/meta";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { EncodedResource } from "@waystone/xds/resource";
import type { DraftCondition } from "../model/draft-condition.ts";
import type { Finding } from "../model/finding.ts";
import { describeProblem, type SourceProblem } from "../model/sources.ts";

export interface ObjectStatus {
  /** "<Kind>/<namespace>/<name>" */
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly conditions: readonly DraftCondition[];
  /** Routes: one entry for each parent that is ours to judge. */
  readonly parents: readonly ParentStatus[];
  /** Policies of the Gateway API: one entry for each ancestor that is ours to speak of. */
  readonly ancestors?: readonly AncestorStatus[];
  /** Policies that may be shadowed. */
  readonly mode?: "Enforce" | "Shadow";
  /** All that waypoints must run for this generation to be in force; empty: nothing is pushed for it. */
  readonly resources: readonly ResourceReference[];
  /** Services and Gateways: the waypoint concerned, "<namespace>/<gateway>". */
  readonly waypoint: string | undefined;
  /** What people should know, in the order of the object's fields. */
  readonly findings: readonly Finding[];
  /** Why a newer version is not in force; undefined where there is none. */
  readonly refusedVersion: string | undefined;
  /** Gateways that are deployed in a cluster. */
  readonly gateway?: GatewayParts;
}

export interface GatewayParts {
  readonly addresses: readonly GatewayAddress[];
  readonly listeners: readonly ListenerStatus[];
}

export interface GatewayAddress {
  readonly type: "Hostname" | "IPAddress";
  readonly value: string;
}

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds: readonly { readonly group: string; readonly kind: string }[];
  readonly attachedRoutes: number;
  readonly conditions: readonly DraftCondition[];
}

export interface ParentStatus {
  readonly parentRef: ParentReference;
  readonly controllerName: string;
  /** The waypoint that serves this parent; undefined: the route is not attached to it. */
  readonly waypoint: string | undefined;
  readonly conditions: readonly DraftCondition[];
}

/** One entry of a policy's status.ancestors (GEP-713). */
export interface AncestorStatus {
  readonly ancestorRef: ParentReference;
  readonly controllerName: string;
  /** Those that have to carry it out, "<namespace>/<gateway>"; none: it is not accepted. */
  readonly waypoints: readonly string[];
  readonly conditions: readonly DraftCondition[];
}

/** A version of a resource, by name. */
export type ResourceReference = Pick<EncodedResource, "typeUrl" | "name" | "version">;

/** What a transformation gives for one object. */
export interface Translation {
  readonly key: string;
  readonly resource: EncodedResource | undefined;
  readonly status: ObjectStatus;
}

export function emptyStatus(object: KubernetesObject, problem: SourceProblem | undefined): ObjectStatus {
  const generation = object.metadata.generation ?? 0;
  return {
    key: objectKey(object.kind, object.metadata),
    kind: object.kind,
    namespace: object.metadata.namespace ?? "",
    name: object.metadata.name,
    generation,
    conditions: [],
    parents: [],
    resources: [],
    waypoint: undefined,
    findings: [],
    refusedVersion: problem === undefined ? undefined : describeRefused(problem, generation),
  };
}

function describeRefused(problem: SourceProblem, generation: number): string {
  return `the newest version was refused, generation ${generation} stays in force: ${describeProblem(problem)}`;
}

export function referencesTo(...resources: readonly (EncodedResource | undefined)[]): ResourceReference[] {
  return resources.flatMap((resource) =>
    resource === undefined
      ? []
      : { typeUrl: resource.typeUrl, name: resource.name, version: resource.version },
  );
}
