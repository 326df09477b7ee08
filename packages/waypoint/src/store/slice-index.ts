/** Every EndpointSlice, by its name and by the Service it speaks for. */
import type { StoredSlice } from "./slice-from-resource.ts";

const none: ReadonlyMap<string, StoredSlice> = new Map();

export class SliceIndex {
  readonly #slices = new Map<string, StoredSlice>();
  readonly #byService = new Map<string, Map<string, StoredSlice>>();

  /** Puts `next` in the place of the slice of that name; undefined: nothing. The Services whose endpoints may have changed. */
  replace(name: string, next: StoredSlice | undefined): readonly string[] {
    const before = this.#slices.get(name);
    if (before !== undefined) this.#drop(before);
    if (next !== undefined) this.#add(next);
    return [before, next].flatMap((slice) => slice?.service ?? []);
  }

  of(service: string): Iterable<StoredSlice> {
    return (this.#byService.get(service) ?? none).values();
  }

  #add(slice: StoredSlice): void {
    this.#slices.set(slice.key, slice);
    let siblings = this.#byService.get(slice.service);
    if (siblings === undefined) this.#byService.set(slice.service, (siblings = new Map()));
    siblings.set(slice.key, slice);
  }

  #drop(slice: StoredSlice): void {
    this.#slices.delete(slice.key);
    const siblings = this.#byService.get(slice.service);
    siblings?.delete(slice.key);
    if (siblings?.size === 0) this.#byService.delete(slice.service);
  }
}
