/** Which of the kinds that a CustomResourceDefinition would define the API server does not serve in a version we can read. */
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import type { AbsentKind } from "../model/sources.ts";
import { type DefinedKind, definedKinds, definitionName, servedVersion } from "./followed-kinds.ts";
import type { Definition } from "./strip/strip-definition.ts";

export function deriveAbsentKinds(
  graph: CollectionGraph,
  definitions: Collection<Definition>,
): Collection<AbsentKind> {
  const kinds = graph.source<DefinedKind>({ name: "defined-kinds", key: definitionName });
  kinds.replaceAll(Object.values(definedKinds));
  return graph.derive(
    kinds,
    (context, kind) => {
      const definition = context.get(definitions, definitionName(kind));
      if (servedVersion(kind, definition) !== undefined) return undefined;
      return { key: `${kind.kind}.${kind.group}` };
    },
    { name: "absent-kinds", key: ({ key }) => key },
  );
}
