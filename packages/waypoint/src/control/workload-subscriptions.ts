/**
 * Who asks about which address: one subscription at the controller for all workers that do. An identity must not outlive
 * the controller that vouched for it by much: after an hour without one, all are forgotten and asked for anew.
 */
import { typeUrls } from "@waystone/api/names";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { DeltaClient } from "@waystone/xds/client/delta-client";
import type { ResourceDelta } from "@waystone/xds/resource";

const typeUrl = typeUrls.workload;
/** Long enough for a controller's upgrade or outage, short enough that an address may have changed hands. */
const keepMs = 3_600_000;

export interface WorkloadSubscriptionsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What is known of an address already, from another worker's question. */
  readonly known: (address: string) => ResourceDelta | undefined;
  readonly give: (worker: number, delta: ResourceDelta) => void;
  /** Nobody asks about the address any more. */
  readonly onForgotten: (address: string) => void;
  /** Takes a delta into use in all workers. */
  readonly apply: (delta: ResourceDelta) => Promise<unknown>;
}

type Subscriber = Pick<DeltaClient, "subscribe" | "unsubscribe">;

export class WorkloadSubscriptions {
  readonly #options: WorkloadSubscriptionsOptions;
  readonly #askers = new Map<string, Set<number>>();
  /** Of them those that asked while the answer may have been under way: a worker drops what comes before it asks. */
  readonly #late = new Map<string, Set<number>>();
  #client: Subscriber | undefined;
  #expiry: Timer | undefined;

  constructor(options: WorkloadSubscriptionsOptions) {
    this.#options = options;
  }

  /** The client that asks from now on; it is told all that is asked about. */
  attach(client: Subscriber): void {
    this.#client = client;
    for (const address of this.#askers.keys()) client.subscribe(typeUrl, address);
  }

  subscribe(worker: number, address: string): void {
    const askers = this.#askers.get(address);
    if (askers === undefined) {
      this.#askers.set(address, new Set([worker]));
      this.#client?.subscribe(typeUrl, address);
      return;
    }
    askers.add(worker);
    const known = this.#options.known(address);
    if (known !== undefined) return this.#options.give(worker, known);
    const late = this.#late.get(address);
    if (late === undefined) this.#late.set(address, new Set([worker]));
    else late.add(worker);
  }

  /** All workers have taken the delta, and what it says is known from now on. */
  taken({ typeUrl: type, upserts, removals }: ResourceDelta): void {
    if (type !== typeUrl || this.#late.size === 0) return;
    for (const address of [...upserts.map(({ name }) => name), ...removals]) {
      const known = this.#options.known(address);
      const late = this.#late.get(address);
      if (known === undefined || late === undefined) continue;
      this.#late.delete(address);
      for (const worker of late) this.#options.give(worker, known);
    }
  }

  forget(worker: number, address: string): void {
    const askers = this.#askers.get(address);
    this.#late.get(address)?.delete(worker);
    if (askers?.delete(worker) !== true || askers.size > 0) return;
    this.#askers.delete(address);
    this.#late.delete(address);
    this.#client?.unsubscribe(typeUrl, address);
    this.#options.onForgotten(address);
  }

  /** A worker is gone; its replacement will ask for itself. */
  workerLost(worker: number): void {
    for (const address of this.#askers.keys()) this.forget(worker, address);
  }

  controllerSpoke(): void {
    this.#expiry?.cancel();
    this.#expiry = undefined;
  }

  controllerLeft(): void {
    this.#expiry ??= this.#options.clock.after(keepMs, () => this.#expire());
  }

  close(): void {
    this.#expiry?.cancel();
  }

  #expire(): void {
    const addresses = [...this.#askers.keys()];
    if (addresses.length === 0) return;
    this.#options.logger.warn(
      { addresses: addresses.length },
      `no controller for ${keepMs / 60_000} minutes: clients are anonymous until it is back`,
    );
    for (const address of addresses) {
      // Both in one turn: forgotten here, so that the controller sends it anew.
      this.#client?.unsubscribe(typeUrl, address);
      this.#client?.subscribe(typeUrl, address);
    }
    void this.#options.apply({ typeUrl, upserts: [], removals: addresses });
  }
}
