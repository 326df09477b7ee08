/**
 * Every resource that is in use, encoded, once per process: for a replacement worker, for the last-good file, for a worker
 * that asks about an address another has asked about already. What the workers refused is not in here; the version before
 * it is. A policy without a good version is, as refused: whoever takes it shuts what it is about, as the workers did.
 */
import { type TypeUrl, typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { refusedVersion } from "@waystone/xds/client/held-resources";
import type { EncodedResource, Rejected, ResourceDelta } from "@waystone/xds/resource";

export class HeldResources {
  readonly #byType = new Map<TypeUrl, Map<string, EncodedResource>>();
  /** Addresses that were asked about and are nobody's. */
  readonly #nobody = new Set<string>();

  take(delta: ResourceDelta, rejected: readonly Rejected[]): void {
    const refused = new Set(rejected.map(({ name }) => name));
    let resources = this.#byType.get(delta.typeUrl);
    if (resources === undefined) this.#byType.set(delta.typeUrl, (resources = new Map()));
    for (const name of delta.removals) this.#remove(delta.typeUrl, resources, name);
    for (const resource of delta.upserts) {
      if (!refused.has(resource.name)) {
        resources.set(resource.name, compact(resource));
        this.#nobody.delete(resource.name);
      } else if (delta.typeUrl === typeUrls.workload) {
        // The workers take an identity that cannot be read as none; its version before does not come back either.
        this.#remove(delta.typeUrl, resources, resource.name);
      } else if (delta.typeUrl === typeUrls.policy && !hasGoodVersion(resources.get(resource.name))) {
        resources.set(resource.name, { ...compact(resource), version: refusedVersion });
      }
    }
  }

  /** What is known of an address: a delta that says so, or undefined while the controller has not answered. */
  workload(address: string): ResourceDelta | undefined {
    const typeUrl = typeUrls.workload;
    const resource = this.#byType.get(typeUrl)?.get(address);
    if (resource !== undefined) return { typeUrl, upserts: [resource], removals: [] };
    return this.#nobody.has(address) ? { typeUrl, upserts: [], removals: [address] } : undefined;
  }

  forgetWorkload(address: string): void {
    this.#byType.get(typeUrls.workload)?.delete(address);
    this.#nobody.delete(address);
  }

  /** The configuration: one delta per type, parents before children. Workloads are asked for, and not part of it. */
  configuration(): ResourceDelta[] {
    return wildcardTypeUrls.flatMap((typeUrl) => {
      const upserts = [...(this.#byType.get(typeUrl)?.values() ?? [])];
      return upserts.length === 0 ? [] : [{ typeUrl, upserts, removals: [] }];
    });
  }

  names(typeUrl: TypeUrl): ReadonlySet<string> {
    return new Set(this.#byType.get(typeUrl)?.keys());
  }

  #remove(typeUrl: TypeUrl, resources: Map<string, EncodedResource>, name: string): void {
    resources.delete(name);
    if (typeUrl === typeUrls.workload) this.#nobody.add(name);
  }
}

function hasGoodVersion(held: EncodedResource | undefined): boolean {
  return held !== undefined && held.version !== refusedVersion;
}

/** A body that is a view of a larger buffer (a gRPC message) would keep all of it. */
function compact(resource: EncodedResource): EncodedResource {
  if (resource.body.byteLength === resource.body.buffer.byteLength) return resource;
  return { ...resource, body: new Uint8Array(resource.body) };
}
