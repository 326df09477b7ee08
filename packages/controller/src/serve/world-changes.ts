/** Who wants to know when a pod, or what says which Gateways are waypoints, changes: one subscription for all streams. */
import type { Collection, Event } from "@waystone/collection/collection";
import type { SourcedObject, Sources } from "../model/sources.ts";

type Look = () => void;

export class WorldChanges {
  readonly #byPod = new Map<string, Set<Look>>();
  readonly #stops: readonly (() => void)[];

  constructor({ pods, gateways, gatewayClasses }: Pick<Sources, "pods" | "gateways" | "gatewayClasses">) {
    this.#stops = [
      pods.subscribe((events) => this.#podsChanged(events)),
      this.#lookAtAll(gateways),
      this.#lookAtAll(gatewayClasses),
    ];
  }

  /** Calls `look` after changes of the pod, of any Gateway and of any GatewayClass. */
  watch({ pod }: { readonly pod: string }, look: Look): () => void {
    let looks = this.#byPod.get(pod);
    if (looks === undefined) {
      looks = new Set();
      this.#byPod.set(pod, looks);
    }
    looks.add(look);
    return () => {
      looks.delete(look);
      if (looks.size === 0 && this.#byPod.get(pod) === looks) this.#byPod.delete(pod);
    };
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#byPod.clear();
  }

  #podsChanged(events: readonly Event<SourcedObject<unknown>>[]): void {
    if (this.#byPod.size === 0) return;
    for (const { key } of events) this.#byPod.get(key)?.forEach((look) => look());
  }

  /** There are few of them, and they change seldom. */
  #lookAtAll(collection: Collection<SourcedObject<unknown>>): () => void {
    return collection.subscribe(() => {
      for (const looks of this.#byPod.values()) looks.forEach((look) => look());
    });
  }
}
