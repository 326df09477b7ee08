/**
 * Whether a kind is served at all, judged after a 404. A server that starts answers 404 for kinds that it is about to
 * serve: so it takes several looks, some seconds apart, before a kind counts as absent, more where objects would go.
 */
import { isServed } from "../discovery/discover.ts";
import type { KubeResource } from "../kube-resource.ts";
import type { Transport } from "../transport/transport.ts";

const looksWithoutObjects = 2;
const looksWithObjects = 3;

export class KindPresence {
  readonly #transport: Transport;
  readonly #resource: KubeResource;
  #absences = 0;

  constructor({ transport, resource }: { readonly transport: Transport; readonly resource: KubeResource }) {
    this.#transport = transport;
    this.#resource = resource;
  }

  /** The last look found nothing. */
  get isInDoubt(): boolean {
    return this.#absences > 0;
  }

  /** The kind answered. */
  seen(): void {
    this.#absences = 0;
  }

  /** Throws ApiError where the server can't be asked. */
  async look(hasObjects: boolean, signal: AbortSignal): Promise<"served" | "unsure" | "absent"> {
    if (await isServed(this.#transport, this.#resource, signal)) {
      this.#absences = 0;
      return "served";
    }
    this.#absences++;
    return this.#absences < (hasObjects ? looksWithObjects : looksWithoutObjects) ? "unsure" : "absent";
  }
}
