/**
 * Who is at the other end of a connection. A workload that was found stays the connection's for as long as it lasts; "not
 * known (yet)" is asked again at the next request, because the answer may be on its way.
 */
import { type Cidr, parseCidr } from "@waystone/base/cidr";
import type { ClientView } from "@waystone/engine/authorization/authorization-request";
import type { HeaderBlock } from "../http/header-block.ts";
import { buildForwarding, type Forwarding } from "../proxy/forwarding.ts";
import { labelsOf } from "../proxy/connection-context.ts";
import type { WorkloadState } from "../store/snapshot.ts";
import { sourceKey } from "../telemetry/request-metrics.ts";
import type { IdentitySource } from "../worker/identity-table.ts";
import { addressBehindHops, buildClientView } from "./client-view.ts";

export class ClientIdentity {
  readonly #source: IdentitySource;
  readonly #address: string;
  readonly #isTrustedHop: (address: string) => boolean;
  readonly #isHop: boolean;
  readonly #sequence: () => number;
  #state: WorkloadState | undefined = undefined;
  #forwarding: Forwarding;
  #view: ClientView;
  #key = "";
  #askedAt = -1;

  /** `sequence`: that of the snapshot in use; an answer can only come with a new one. */
  constructor(
    source: IdentitySource,
    address: string,
    isTrustedHop: (address: string) => boolean,
    sequence: () => number,
  ) {
    this.#source = source;
    this.#sequence = sequence;
    this.#address = address;
    this.#isTrustedHop = isTrustedHop;
    this.#isHop = isTrustedHop(address);
    this.#forwarding = buildForwarding(this.#isHop ? "trusted-hop" : "unknown", address);
    this.#view = buildClientView(undefined, address, address);
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
    this.#view = buildClientView(state, this.#address, this.#address);
    if (state?.known === true && !this.#isHop) this.#forwarding = buildForwarding("workload", this.#address);
    return state;
  }

  forwarding(): Forwarding {
    this.state();
    return this.#forwarding;
  }

  /** Who sends this request; without headers, who opened the connection. */
  view(headers: HeaderBlock | undefined): ClientView {
    const state = this.state();
    if (!this.#isHop || headers === undefined) return this.#view;
    const claims = headers.values("x-forwarded-for");
    const remoteAddress = addressBehindHops(this.#address, claims, this.#isTrustedHop);
    return buildClientView(state, this.#address, remoteAddress);
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
