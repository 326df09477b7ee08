/**
 * The Services that the API server itself calls: if one of them went through a waypoint that needs the API server to be
 * deployed, neither would ever come up.
 */
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import type { ApiServerBackend } from "../model/sources.ts";
import type { ClusterFollower } from "./cluster-follower.ts";
import { builtInKinds } from "./followed-kinds.ts";
import { apiServerBackend, stripApiService, stripWebhooks } from "./strip/strip-service-callers.ts";

export function deriveApiServerBackends(
  graph: CollectionGraph,
  follower: ClusterFollower,
): Collection<ApiServerBackend> {
  const converters = graph.derive(
    follower.definitions,
    (_, { key, converter }) => apiServerBackend("CustomResourceDefinition", key, [converter]),
    { name: "conversion-webhooks", key: backendKey },
  );
  const { mutatingWebhooks, validatingWebhooks, apiServices } = builtInKinds;
  return graph.join("api-server-backends", [
    follower.followAs(mutatingWebhooks, stripWebhooks(mutatingWebhooks.kind), backendKey),
    follower.followAs(validatingWebhooks, stripWebhooks(validatingWebhooks.kind), backendKey),
    follower.followAs(apiServices, stripApiService, backendKey),
    converters,
  ]);
}

const backendKey = ({ key }: ApiServerBackend): string => key;
