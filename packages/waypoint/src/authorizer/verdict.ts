/** What an external authorizer said about a request, whatever protocol it was asked in. */
import type { HeaderLine } from "@waystone/engine/headers/header-line";
import type { HeaderChange } from "@waystone/engine/headers/header-change";

export type Verdict =
  | {
      readonly outcome: "allowed";
      /** Of the request's headers. */
      readonly changes: readonly HeaderChange[];
      /** Lines for the answer: in place of the endpoint's, or beside them. */
      readonly responseSet: readonly HeaderLine[];
      readonly responseAdd: readonly HeaderLine[];
    }
  | {
      readonly outcome: "denied";
      readonly status: number;
      readonly headers: readonly HeaderLine[];
      /** Latin-1: bytes. */
      readonly body: string;
    }
  | {
      /** It could not be asked, or said nothing that can be understood. */
      readonly outcome: "error";
      readonly reason: string;
    };

export function errorVerdict(reason: string): Verdict {
  return { outcome: "error", reason };
}
