/**
 * Shadows: the headless Services of ours that keep the endpoints of captured ones (design/0002-on-kubernetes.md has the
 * table of what stands on them). A shadow is no Service of its own. What only looks like one is a Service like any other:
 * the label alone gains nothing, the name must be the front's and the front must be its owner.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys, managedBy } from "@waystone/api/names";
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import { shadowName } from "./shadow-name.ts";
import type { SourcedObject } from "./sources.ts";
import { parseWaypointPorts } from "./waypoint-port.ts";

export interface ShadowModel {
  /** The Service that it is the shadow of, "<namespace>/<name>". */
  readonly front: string;
  /** The shadow itself, "<namespace>/<name>". */
  readonly key: string;
  readonly object: Service;
  /** The uid of the front that it was made for. */
  readonly frontUid: string;
  /** "<namespace>/<gateway>" */
  readonly waypoint: string | undefined;
  readonly movingTo: string | undefined;
  /** Service port to waypoint port, as far as it parses. */
  readonly ports: ReadonlyMap<number, number>;
}

export interface FrontsAndShadows {
  /** The Services that are somebody's own, by key. */
  readonly fronts: Collection<SourcedObject<Service>>;
  /** By the key of their front, which need not exist (any more). */
  readonly shadows: Collection<ShadowModel>;
}

export function partFrontsAndShadows(
  graph: CollectionGraph,
  services: Collection<SourcedObject<Service>>,
): FrontsAndShadows {
  return {
    fronts: graph.derive(
      services,
      (_, service) => (parseShadow(service.object) === undefined ? service : undefined),
      // Services differ already where they come from.
      { name: "fronts", key: ({ key }) => key, equals: Object.is },
    ),
    shadows: graph.derive(services, (_, { object }) => parseShadow(object), {
      name: "shadows",
      key: ({ front }) => front,
    }),
  };
}

/** undefined: a Service like any other. */
export function parseShadow(service: Service): ShadowModel | undefined {
  const { name, namespace = "", labels, annotations, ownerReferences } = service.metadata;
  const front = labels?.[captureKeys.shadowOf];
  if (front === undefined || front === "") return undefined;
  if (labels?.["app.kubernetes.io/managed-by"] !== managedBy) return undefined;
  const owner = ownerReferences?.find(
    (reference) => reference.kind === "Service" && reference.apiVersion === "v1" && reference.name === front,
  );
  if (owner === undefined || name !== shadowName(namespace, front)) return undefined;
  return {
    front: `${namespace}/${front}`,
    key: `${namespace}/${name}`,
    object: service,
    frontUid: owner.uid,
    waypoint: parseWaypointKey(annotations?.[captureKeys.waypoint]),
    movingTo: parseWaypointKey(annotations?.[captureKeys.movingTo]),
    ports: parseWaypointPorts(annotations),
  };
}

/** Whether it was made for this very front, and not for one of the same name that has been deleted. */
export function isShadowOf(
  shadow: ShadowModel | undefined,
  front: Service | undefined,
): shadow is ShadowModel {
  return shadow !== undefined && front?.metadata.uid !== undefined && shadow.frontUid === front.metadata.uid;
}

const waypointKey = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** "<namespace>/<gateway>"; undefined for what is none. */
export function parseWaypointKey(text: string | undefined): string | undefined {
  return text !== undefined && waypointKey.test(text) ? text : undefined;
}
