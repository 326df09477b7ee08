/**
 * In a cluster: whose EndpointSlices are a Service's endpoints. Its shadow's as soon as there is one slice of them, or the
 * front is captured (then Kubernetes' own slices of it name the waypoint); else the front's own.
 */
import type { EndpointSlice, Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import { capturedBy } from "./front-marks.ts";
import { isShadowOf, type ShadowModel } from "./shadow.ts";
import type { SourcedObject } from "./sources.ts";

export interface EndpointSource {
  /** The Service that slices name, "<namespace>/<name>". */
  readonly key: string;
  /** The Service whose endpoints they are; undefined: nobody's. */
  readonly service: string | undefined;
}

/** Only Services whose slices mean something else than what they say, by the Service that they name. */
export function buildEndpointSources(
  graph: CollectionGraph,
  fronts: Collection<SourcedObject<Service>>,
  shadows: Collection<ShadowModel>,
  slicesByService: Index<SourcedObject<EndpointSlice>>,
): Collection<EndpointSource> {
  const ofShadows = graph.derive(
    shadows,
    (context, shadow): EndpointSource => {
      const front = context.get(fronts, shadow.front)?.object;
      return { key: shadow.key, service: isShadowOf(shadow, front) ? shadow.front : undefined };
    },
    { name: "endpoints-of-shadows", key: ({ key }) => key },
  );
  const ofFronts = graph.derive(
    fronts,
    (context, { key, object }): EndpointSource | undefined => {
      const shadow = context.get(shadows, key);
      const isHeld = isShadowOf(shadow, object) && context.lookup(slicesByService, shadow.key).length > 0;
      return isHeld || capturedBy(object) !== undefined ? { key, service: undefined } : undefined;
    },
    { name: "endpoints-of-fronts", key: ({ key }) => key },
  );
  return graph.join("endpoint-sources", [ofShadows, ofFronts]);
}
