/**
 * The accepted resources of a waypoint, by type and name: what it tells the server that it has when it reconnects, what a
 * replaced worker is given, and what the last-good file holds. A refused resource is not in here, or the server would
 * take it for known and never send it again.
 */
import type { EncodedResource } from "../resource.ts";

const none: ReadonlyMap<string, EncodedResource> = new Map();

export class HeldResources {
  readonly #byType = new Map<string, Map<string, EncodedResource>>();

  of(typeUrl: string): ReadonlyMap<string, EncodedResource> {
    return this.#byType.get(typeUrl) ?? none;
  }

  set(resource: EncodedResource): void {
    let held = this.#byType.get(resource.typeUrl);
    if (held === undefined) {
      held = new Map();
      this.#byType.set(resource.typeUrl, held);
    }
    held.set(resource.name, resource);
  }

  delete(typeUrl: string, name: string): void {
    this.#byType.get(typeUrl)?.delete(name);
  }

  versions(typeUrl: string): Record<string, string> {
    const versions: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const { name, version } of this.of(typeUrl).values()) versions[name] = version;
    return versions;
  }
}
