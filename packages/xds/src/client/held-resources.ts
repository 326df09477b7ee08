/**
 * The accepted resources of a waypoint, by type and name: what it tells the server that it has when it reconnects, what a
 * replaced worker is given, and what the last-good file holds. A refused resource is not in here, or the server would
 * take it for known and never send it again; only that there is one is told, so that the server says when it goes.
 */
import type { EncodedResource } from "../resource.ts";

/** In place of a version, of what was refused and has no good one: equal to no content's. */
export const refusedVersion = "refused";

const none: ReadonlyMap<string, EncodedResource> = new Map();

export class HeldResources {
  readonly #byType = new Map<string, Map<string, EncodedResource>>();
  readonly #refused = new Map<string, Set<string>>();

  of(typeUrl: string): ReadonlyMap<string, EncodedResource> {
    return this.#byType.get(typeUrl) ?? none;
  }

  set(resource: EncodedResource): void {
    if (resource.version === refusedVersion) return this.refuse(resource.typeUrl, resource.name);
    this.#refused.get(resource.typeUrl)?.delete(resource.name);
    let held = this.#byType.get(resource.typeUrl);
    if (held === undefined) {
      held = new Map();
      this.#byType.set(resource.typeUrl, held);
    }
    held.set(resource.name, resource);
  }

  /** Notes a resource that was refused; the version before it stays. */
  refuse(typeUrl: string, name: string): void {
    const refused = this.#refused.get(typeUrl);
    if (refused === undefined) this.#refused.set(typeUrl, new Set([name]));
    else refused.add(name);
  }

  delete(typeUrl: string, name: string): void {
    this.#refused.get(typeUrl)?.delete(name);
    this.#byType.get(typeUrl)?.delete(name);
  }

  versions(typeUrl: string): Record<string, string> {
    const versions: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const name of this.#refused.get(typeUrl) ?? []) versions[name] = refusedVersion;
    for (const { name, version } of this.of(typeUrl).values()) versions[name] = version;
    return versions;
  }
}
