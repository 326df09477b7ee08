/** An API server with all that the controller follows, one kind of the Gateway API besides, and sources on it: for what is followed by name. */
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import type { StoredKind } from "@waystone/testkit/faulty-api-server/stored-kind";
import { type ClusterSources, openClusterSources } from "../cluster/cluster-sources.ts";
import { builtInKinds, definedKinds, definitionName, namedKinds } from "../cluster/followed-kinds.ts";

/** Whoever opens it closes it. */
export async function openNamedWorld(name: keyof typeof definedKinds): Promise<ApiWorld> {
  const kinds = Object.values({ ...builtInKinds, ...namedKinds }).map(
    (kind): StoredKind => ({ ...kind, hasStatus: true }),
  );
  const world = await openApiWorld({ kinds });
  const kind = definedKinds[name];
  const { group, plural, namespaced } = kind;
  world.server.addKind({ group, version: "v1", plural, kind: kind.kind, namespaced, hasStatus: true });
  world.server.put("customresourcedefinitions", {
    metadata: { name: definitionName(kind) },
    spec: { group, names: { kind: kind.kind, plural }, versions: [{ name: "v1", served: true }] },
  });
  return world;
}

/** Closed before its world. */
export function openNamedSources({ transport, clock }: ApiWorld): ClusterSources {
  return openClusterSources({
    transport,
    clock,
    rng: seededRng(1),
    logger: silentLogger,
    graph: createCollectionGraph(),
    ownNamespace: "waystone-system",
  });
}
