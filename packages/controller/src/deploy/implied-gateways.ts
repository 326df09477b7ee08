/**
 * Gateways that nobody declared: a Namespace or a Service asks for a waypoint of its own namespace that does not exist, so
 * Waystone makes it, and takes it away again when nobody asks for it and no Service is with it any more. A Gateway is ours
 * by its label; one that a user wrote is never deleted.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import { captureKeys, gatewayGroup, managedBy, waypointClassName } from "@waystone/api/names";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import type { KubeObject } from "@waystone/kube/kube-object";
import type { KubeResource } from "@waystone/kube/kube-resource";
import type { SourcedObject, Sources } from "../model/sources.ts";
import { findNamespaceWish, findWish } from "../model/waypoint-wish.ts";
import { gatewayNameProblem } from "./gateway-name.ts";
import { managedByLabel } from "./object-metadata.ts";

export type ImpliedGateway =
  /** "<namespace>/<name>" */
  | { readonly key: string; readonly step: "create" }
  | { readonly key: string; readonly step: "delete"; readonly uid: string }
  /** It cannot be made; for people. */
  | { readonly key: string; readonly step: "refuse"; readonly message: string };

export const gatewayResource: KubeResource = {
  group: gatewayGroup,
  version: "v1",
  plural: "gateways",
  kind: "Gateway",
  namespaced: true,
};

interface Asked {
  /** "Namespace/shop", "Service/shop/cart" */
  readonly by: string;
  readonly waypoint: string;
}

/** The Services that are with a waypoint, or on their way to or from it, by the Gateway's "<namespace>/<name>". */
export function indexUsers(graph: CollectionGraph, sources: Sources): Index<SourcedObject<Service>> {
  return graph.index("services-by-their-waypoint", sources.services, ({ object }) => waypointsOf(object));
}

/** By Gateway, what is to be done about it; Gateways about which nothing is to be done are not in it. */
export function buildImpliedGateways(
  graph: CollectionGraph,
  sources: Sources,
  users: Index<SourcedObject<Service>>,
  ownNamespace: string,
): Collection<ImpliedGateway> {
  const asked = buildAsked(graph, sources, ownNamespace);
  const askedByWaypoint = graph.index("asked-by-waypoint", asked, ({ waypoint }) => [waypoint]);
  const missing = graph.derive(
    asked,
    (context, { by, waypoint }) => {
      // One of those who ask speaks for all.
      if (context.lookup(askedByWaypoint, waypoint).some((other) => other.by < by)) return undefined;
      return missingGateway(context, sources, waypoint);
    },
    { name: "missing-gateways", key: ({ key }) => key },
  );
  const unwanted = graph.derive(
    sources.gateways,
    (context, { key, object }) => unwantedGateway(context, key, object, [askedByWaypoint, users]),
    { name: "unwanted-gateways", key: ({ key }) => key },
  );
  return graph.join("implied-gateways", [missing, unwanted]);
}

/** As it is made: for its own namespace alone, until its owner says otherwise. */
export function impliedGateway(key: string): KubeObject & { readonly spec: object } {
  const [namespace = "", name = ""] = key.split("/");
  return {
    apiVersion: `${gatewayGroup}/v1`,
    kind: "Gateway",
    metadata: { namespace, name, labels: { [managedByLabel]: managedBy } },
    spec: {
      gatewayClassName: waypointClassName,
      // The API wants one. Nobody dials it: a waypoint's listeners say which namespaces may use it.
      listeners: [
        {
          name: "mesh",
          port: 15008,
          protocol: "HTTP",
          allowedRoutes: { namespaces: { from: "Same" } },
        },
      ],
    },
  };
}

function buildAsked(graph: CollectionGraph, sources: Sources, ownNamespace: string): Collection<Asked> {
  const byNamespaces = graph.derive(
    sources.namespaces,
    (_, { key, object }): Asked | undefined => {
      // Nothing in them is captured because the namespace asks; a namespace on its way out takes nothing new.
      if (key === ownNamespace || key === "kube-system" || object.metadata.deletionTimestamp !== undefined) {
        return undefined;
      }
      return ofNamespace(key, findNamespaceWish(object), `Namespace/${key}`);
    },
    { name: "waypoints-asked-by-namespaces", key: ({ by }) => by },
  );
  const byServices = graph.derive(
    sources.services,
    (context, { key, object }): Asked | undefined => {
      const own = object.metadata.namespace ?? "";
      if (context.get(sources.namespaces, own)?.object.metadata.deletionTimestamp !== undefined)
        return undefined;
      const wish = findWish(object, undefined);
      return ofNamespace(own, wish?.waypoint, `Service/${key}`);
    },
    { name: "waypoints-asked-by-services", key: ({ by }) => by },
  );
  return graph.join("waypoints-asked-for", [byNamespaces, byServices]);
}

/** Another namespace must declare its waypoint itself, and whom it lets in. */
function ofNamespace(own: string, waypoint: string | undefined, by: string): Asked | undefined {
  return waypoint?.startsWith(`${own}/`) === true ? { by, waypoint } : undefined;
}

function missingGateway(context: FetchContext, sources: Sources, key: string): ImpliedGateway | undefined {
  const absent = sources.cluster?.absentKinds;
  // Picked up when the kind appears.
  if (absent !== undefined && context.get(absent, `Gateway.${gatewayGroup}`) !== undefined) return undefined;
  if (context.get(sources.gateways, key) !== undefined) return undefined;
  const message = gatewayNameProblem(key.slice(key.indexOf("/") + 1));
  return message === undefined ? { key, step: "create" } : { key, step: "refuse", message };
}

function unwantedGateway(
  context: FetchContext,
  key: string,
  { metadata, spec }: Gateway,
  uses: readonly Index<unknown>[],
): ImpliedGateway | undefined {
  if (metadata.labels?.[managedByLabel] !== managedBy || spec.gatewayClassName !== waypointClassName) {
    return undefined;
  }
  if (metadata.deletionTimestamp !== undefined || metadata.uid === undefined) return undefined;
  if (uses.some((index) => context.lookup(index, key).length > 0)) return undefined;
  return { key, step: "delete", uid: metadata.uid };
}

/** A front says whom it points at, a shadow who has it or will. */
function waypointsOf({ metadata }: Service): string[] {
  const { annotations } = metadata;
  const named = [
    annotations?.[captureKeys.capturedBy],
    annotations?.[captureKeys.waypoint],
    annotations?.[captureKeys.movingTo],
  ];
  return named.filter((each) => each !== undefined);
}
