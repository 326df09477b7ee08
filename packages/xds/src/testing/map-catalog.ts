/** For tests: a catalog over maps, the same for every scope unless told otherwise, whose changes are announced in passes. */
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import { Service } from "@waystone/api/resources";
import type { CatalogChange, EncodedResource, ResourceCatalog } from "../resource.ts";
import { encodeResource } from "../version.ts";

/** A content is any text; what it is a resource of does not matter to the protocol. */
export function buildResource(typeUrl: TypeUrl, name: string, content: string): EncodedResource {
  return encodeResource(typeUrl, name, Service.encode({ namespace: content, name }).finish());
}

export function contentOf(resource: EncodedResource): string {
  return Service.decode(resource.body).namespace;
}

export interface Edit {
  readonly typeUrl: TypeUrl;
  readonly name: string;
  /** Undefined removes it. */
  readonly content: string | undefined;
}

export class MapCatalog implements ResourceCatalog {
  readonly #resources = new Map<TypeUrl, Map<string, EncodedResource>>(
    Object.values(typeUrls).map((typeUrl) => [typeUrl, new Map()]),
  );
  readonly #listeners = new Set<(change: CatalogChange) => void>();

  /** One pass. */
  edit(edits: readonly Edit[], urgent = false): void {
    const changed = new Map<TypeUrl, Set<string>>();
    for (const { typeUrl, name, content } of edits) {
      if (content === undefined) this.of(typeUrl).delete(name);
      else this.of(typeUrl).set(name, buildResource(typeUrl, name, content));
      changed.set(typeUrl, (changed.get(typeUrl) ?? new Set()).add(name));
    }
    for (const listener of this.#listeners) listener({ changed, urgent });
  }

  of(typeUrl: TypeUrl): Map<string, EncodedResource> {
    return this.#resources.get(typeUrl)!;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  list(typeUrl: TypeUrl): Iterable<EncodedResource> {
    if (typeUrl === typeUrls.workload) throw new Error("workloads are asked for by name");
    return this.of(typeUrl).values();
  }

  get(typeUrl: TypeUrl, name: string): EncodedResource | undefined {
    return this.of(typeUrl).get(name);
  }

  onChange(listener: (change: CatalogChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
