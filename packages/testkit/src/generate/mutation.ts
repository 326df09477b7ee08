/** One way of being wrong, or odd: what it does to a request and what must become of it. */
import type { Rng } from "@waystone/base/rng";
import type { WireMessage } from "./wire-message.ts";

/**
 * refuse-head: not one byte may go upstream. refuse-body: the fault shows after the head; the request may have begun
 * upstream and must never be whole there. doubt: refuse or forward; what is forwarded, everybody must read alike.
 */
export type MutationVerdict = "refuse-head" | "refuse-body" | "doubt";

export interface Mutation {
  /** The case of reliability that it belongs to. */
  readonly id: string;
  readonly name: string;
  readonly verdict: MutationVerdict;
  apply(message: WireMessage, rng: Rng): WireMessage;
}
