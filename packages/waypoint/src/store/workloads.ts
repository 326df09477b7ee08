/** Who is behind the addresses that were asked about, as it was pushed: a workload, or the certainty that it is nobody. */
import type { Rejected, ResourceDelta } from "@waystone/xds/resource";
import { convertUpserts } from "./convert-upserts.ts";
import type { WorkloadState } from "./snapshot.ts";
import { workloadFromResource } from "./workload-from-resource.ts";

export class WorkloadStore {
  readonly #byAddress = new Map<string, WorkloadState>();
  readonly #keeps: (address: string) => boolean;

  /** `keeps`: which addresses are asked about; what is pushed of others is not kept. */
  constructor(keeps: (address: string) => boolean) {
    this.#keeps = keeps;
  }

  /** The one map of all snapshots: who is where is true of now. */
  get byAddress(): ReadonlyMap<string, WorkloadState> {
    return this.#byAddress;
  }

  apply(delta: ResourceDelta): Rejected[] {
    const wanted = delta.upserts.filter((resource) => this.#keeps(resource.name));
    const { converted, rejected } = convertUpserts({ ...delta, upserts: wanted }, workloadFromResource);
    // Gone, or never known: the certainty that it is nobody, which is an answer too.
    for (const name of delta.removals) {
      if (this.#keeps(name)) this.#byAddress.set(name, { known: false });
    }
    for (const [name, state] of converted) this.#byAddress.set(name, state);
    // An identity that cannot be read is no identity, whatever was known before.
    for (const { name } of rejected) this.#byAddress.set(name, { known: false });
    return rejected;
  }

  forget(address: string): void {
    this.#byAddress.delete(address);
  }
}
