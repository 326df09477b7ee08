/**
 * Which Service holds which place ("address:port"), and what is served there. What a snapshot was given belongs to its readers: the
 * next change is made to a copy.
 */
import type { StoredService } from "./service-from-resource.ts";
import type { ServedPort } from "./snapshot.ts";

export class ServedPlaces {
  /** Place -> the key of its Service. */
  readonly #owners = new Map<string, string>();
  /** They cannot be listened on, for now. */
  #held: ReadonlySet<string> = new Set();
  #listeners = new Map<string, ServedPort>();
  #isGiven = false;

  get owners(): ReadonlyMap<string, string> {
    return this.#owners;
  }

  /** As they are now, for good; the same map while nothing changes. */
  current(): ReadonlyMap<string, ServedPort> {
    this.#isGiven = true;
    return this.#listeners;
  }

  /** Nothing is served there until its new owner's ports are. */
  leave(service: StoredService | undefined): void {
    for (const place of placesOf(service)) {
      this.#owners.delete(place);
      this.#forChange().delete(place);
    }
  }

  take(service: StoredService): void {
    for (const place of placesOf(service)) this.#owners.set(place, service.key);
  }

  /** Leaves these out from now on, and no others; the Services that are concerned. */
  hold(places: ReadonlySet<string>): string[] {
    const changed = [...places, ...this.#held].filter((place) => places.has(place) !== this.#held.has(place));
    this.#held = places;
    return changed.flatMap((place) => this.#owners.get(place) ?? []);
  }

  serve(ports: readonly ServedPort[]): void {
    if (ports.length === 0) return;
    const listeners = this.#forChange();
    for (const port of ports) {
      for (const { key } of port.listen) {
        if (this.#held.has(key)) listeners.delete(key);
        else listeners.set(key, port);
      }
    }
  }

  #forChange(): Map<string, ServedPort> {
    if (this.#isGiven) this.#listeners = new Map(this.#listeners);
    this.#isGiven = false;
    return this.#listeners;
  }
}

function placesOf(service: StoredService | undefined): string[] {
  return service?.ports.flatMap((port) => port.listen.map((place) => place.key)) ?? [];
}
