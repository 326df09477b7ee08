/**
 * Who is at the other end of a connection. A workload that was found stays the connection's for as long as it lasts; "not
 * known (yet)" is asked again at the next request, because the answer may be on its way.
 */
import { type Cidr, parseCidr } from "@waystone/base/cidr";
import { buildForwarding, type Forwarding } from "../proxy/forwarding.ts";
import { labelsOf } from "../proxy/connection-context.ts";
import type { WorkloadState } from "../store/snapshot.ts";
import { sourceKey } from "../telemetry/request-metrics.ts";
import type { IdentitySource } from "../worker/identity-table.ts";

export class ClientIdentity {
  readonly #source: IdentitySource;
  readonly #address: string;
  readonly #isTrustedHop: boolean;
  readonly #sequence: () => number;
  #state: WorkloadState | undefined = undefined;
  #forwarding: Forwarding;
  #key = "";
  #askedAt = -1;

  /** `sequence`: that of the snapshot in use; an answer can only come with a new one. */
  constructor(source: IdentitySource, address: string, isTrustedHop: boolean, sequence: () => number) {
    this.#source = source;
    this.#sequence = sequence;
    this.#address = address;
    this.#isTrustedHop = isTrustedHop;
    this.#forwarding = buildForwarding(isTrustedHop ? "trusted-hop" : "unknown", address);
    this.state();
  }

  state(): WorkloadState | undefined {
    if (this.#state?.known === true) return this.#state;
    const sequence = this.#sequence();
    if (sequence === this.#askedAt) return this.#state;
    this.#askedAt = sequence;
    const state = this.#source.lookup(this.#address);
    if (state === this.#state) return state;
    this.#state = state;
    this.#key = sourceKey(labelsOf(state));
    if (state?.known === true && !this.#isTrustedHop)
      this.#forwarding = buildForwarding("workload", this.#address);
    return state;
  }

  forwarding(): Forwarding {
    this.state();
    return this.#forwarding;
  }

  key(): string {
    this.state();
    return this.#key;
  }
}

/** Reads the setting once. Throws on what is no CIDR: settings are checked when they are read. */
export function trustedHopTest(cidrs: readonly string[]): (address: string) => boolean {
  const blocks = cidrs.map((text): Cidr => {
    const block = parseCidr(text);
    if (block === undefined)
      throw new Error(`forwarding.trustedHops: ${JSON.stringify(text)} is not a CIDR such as 10.0.0.0/8`);
    return block;
  });
  return (address) => blocks.some((block) => block.contains(address));
}
