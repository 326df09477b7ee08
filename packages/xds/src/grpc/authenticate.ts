/**
 * Who calls, asked before anything of a call is read. What a token means is not known here: the controller says
 * (controller/src/serve/authorize-waypoint.ts).
 */
import { status } from "@grpc/grpc-js";

/** What the wire shows of who calls. */
export interface Caller {
  /** Of `authorization: Bearer <token>`; undefined where there is none. */
  readonly token: string | undefined;
  /** Where the connection comes from, canonical. */
  readonly address: string;
}

/** A waypoint that may be served, as this node and no other. */
export interface Admission {
  readonly nodeId: string;
  readonly scope: string;
  /**
   * The stream is open: `end` is called, once, when it may no longer be. Returns what stops watching.
   */
  watch(end: (refusal: Refusal) => void): () => void;
}

export interface Refusal {
  readonly kind: RefusalKind;
  /** For the waypoint's log: says nothing that its caller need not know. */
  readonly reason: string;
}

export type RefusalKind =
  /** No token, or not a good one (any more): a fresh one may do. */
  | "unauthenticated"
  /** We know who it is, and it is no waypoint of ours. */
  | "forbidden"
  /** We can't tell now. */
  | "unavailable";

export type Authentication = { readonly admission: Admission } | { readonly refusal: Refusal };

/** Never rejects. `signal` ends with the call: nobody waits for the answer any more. */
export type Authenticate = (caller: Caller, signal: AbortSignal) => Promise<Authentication>;

/** gRPC's codes for a refusal. */
export const refusalCodes: Readonly<Record<RefusalKind, number>> = {
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  unavailable: status.UNAVAILABLE,
};
