/**
 * What the model is made from: one collection of checked objects per kind. Files feed it (ingest/object-source.ts), a real
 * API server will; the model knows only this shape, so that both run the same translation.
 */
import type {
  ConfigMap,
  EndpointSlice,
  Namespace,
  Pod,
  Secret,
  Service,
} from "@waystone/api/kubernetes/core";
import type { Gateway, GatewayClass, HTTPRoute, ReferenceGrant } from "@waystone/api/kubernetes/gateway";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { Collection } from "@waystone/collection/collection";

export interface SourcedObject<T> {
  /** "<namespace>/<name>", or "<name>" for cluster-scoped kinds. */
  readonly key: string;
  /** Valid by its schema, defaults applied. */
  readonly object: T;
  readonly origin?: SourceOrigin;
  /** The newest version of the object cannot be used, and this is why; `object` is the last good one. */
  readonly problem?: SourceProblem;
}

export interface SourceOrigin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with an object as it was written, in words for people. */
export interface SourceProblem {
  /** error unless it says otherwise. */
  readonly severity?: "error" | "warning" | "info";
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly message: string;
  /** What to do. */
  readonly hint?: string | undefined;
}

export interface Sources {
  readonly namespaces: Collection<SourcedObject<Namespace>>;
  readonly services: Collection<SourcedObject<Service>>;
  readonly endpointSlices: Collection<SourcedObject<EndpointSlice>>;
  readonly pods: Collection<SourcedObject<Pod>>;
  readonly secrets: Collection<SourcedObject<Secret>>;
  readonly configMaps: Collection<SourcedObject<ConfigMap>>;
  readonly gatewayClasses: Collection<SourcedObject<GatewayClass>>;
  readonly gateways: Collection<SourcedObject<Gateway>>;
  readonly httpRoutes: Collection<SourcedObject<HTTPRoute>>;
  readonly referenceGrants: Collection<SourcedObject<ReferenceGrant>>;
  /** Valid objects of kinds that Waystone knows and does not serve yet. */
  readonly unserved: Collection<SourcedObject<KubernetesObject>>;
  /** What is wrong with the input, object by object; none where objects come from an API server. */
  readonly problems?: Collection<SourceProblem>;
  /** Where a field of an object in force is written ("spec.rules[0].name"), or the nearest one above it. */
  readonly positionOf?: (kind: string, key: string, fieldPath: string) => SourceOrigin | undefined;
}

/** "file:line:column: Kind namespace/name: field: message; hint", as far as each is known. */
export function describeProblem(problem: SourceProblem): string {
  const { file, line, column, kind, namespace, name, fieldPath, message, hint } = problem;
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const path = [namespace, name].filter((part) => part !== undefined).join("/");
  const object = [kind, path].filter((part) => part !== undefined && part !== "").join(" ");
  const text = [place, object, fieldPath, message]
    .filter((part) => part !== undefined && part !== "")
    .join(": ");
  return hint === undefined ? text : `${text}; ${hint}`;
}
