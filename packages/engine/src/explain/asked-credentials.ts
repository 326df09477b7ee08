/**
 * What a request shows of who asks, judged: by the waypoint's own code, with the keys and Secrets that are at hand. What is not at hand
 * is taken as right, and said to be.
 */
import type { CredentialPlace, CredentialRequest } from "../authentication/credential-places.ts";
import type { AuthenticationPlan } from "../authentication/plan.ts";
import type { ClientView, TokenView } from "../authorization/authorization-request.ts";
import type { Decision } from "../authorization/program.ts";
import type { HeaderLine } from "../headers/header-line.ts";

export interface ShownRequest extends CredentialRequest {
  readonly client: Pick<ClientView, "remoteAddress">;
  /** Milliseconds since 1970. */
  timeMs(): number;
}

export interface JudgedCredentials {
  readonly verdict: ShownVerdict;
  /** What was taken as right, a clause each: "its API key is somebody's: Secret shop/keys is not among the files". */
  readonly assumed: readonly string[];
}

export type ShownVerdict =
  | {
      readonly accepted: Decision;
      readonly identity: TokenView;
      readonly lines: readonly HeaderLine[];
      readonly withheld: readonly CredentialPlace[];
    }
  | { readonly anonymous: true }
  | { readonly refused: string };

export type JudgeCredentials = (plan: AuthenticationPlan, request: ShownRequest) => JudgedCredentials;
