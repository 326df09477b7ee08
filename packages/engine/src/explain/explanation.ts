/**
 * What `waystone explain` says of a request: the steps in the order in which a waypoint takes them, each with the object and
 * field that it is about, and every way in which it can end. Plain data, so that it can be printed, compared and kept.
 */

export type Phase =
  | "capture"
  | "client"
  | "request"
  | "route"
  | "authentication"
  | "authorization"
  | "filter"
  | "backend"
  | "verdict";

export interface Step {
  readonly phase: Phase;
  readonly text: string;
  /** "AuthorizationPolicy/shop/reader"; "" for none. */
  readonly object: string;
  /** Of the object: "spec.rules[0].from[1].source.namespaces". */
  readonly field: string;
  /** 1: belongs to the step above it. */
  readonly depth: 0 | 1;
  /** Of all lines the one that decided. */
  readonly decides: boolean;
}

/** One of the ways in which a request can end: weights send it to one backend or another. */
export interface Outcome {
  /** Of the requests, in [0, 1]. */
  readonly share: number;
  readonly result: "forwarded" | "answered" | "refused";
  /** What happened, as access logs say it: "redirect", "access-denied"; "forwarded". */
  readonly kind: string;
  /** Null: the endpoint's answer, or that of a connection, which has none. */
  readonly status: number | null;
  /** "<namespace>/<service>:<port>"; "" where none was reached. */
  readonly backend: string;
  /** Policies that decided, or of which none allowed it. */
  readonly policies: readonly string[];
  /** Of the policy. */
  readonly rule: string;
  readonly detail: string;
  /** CUSTOM policies whose provider would have to agree before it ends so: nobody is asked here, and a no would be the answer. */
  readonly asks: readonly string[];
  /** What was taken as right for want of keys or Secrets to check it by, a line each, with the AuthenticationPolicy that would. */
  readonly assumed: readonly string[];
  /** Policies in Shadow mode that would have denied it. */
  readonly shadowDeniedBy: readonly string[];
}

export interface Explanation {
  /** Configuration lets every such request through; that its endpoints are not ready today is told in the outcomes. */
  readonly allowed: boolean;
  /** "<namespace>/<route>/<rule>"; null where none matched or there is none. */
  readonly route: string | null;
  readonly steps: readonly Step[];
  /** Their shares are 1 together. */
  readonly outcomes: readonly Outcome[];
  /** Those of all outcomes together. */
  readonly asks: readonly string[];
  readonly assumed: readonly string[];
  readonly shadowDeniedBy: readonly string[];
}

/** A refusal for want of endpoints says nothing of who may do what. */
export function isLetThrough({ result, kind, status }: Outcome): boolean {
  if (result === "refused") return kind === "no-healthy-upstream";
  return result === "forwarded" || (status ?? 0) < 400;
}
