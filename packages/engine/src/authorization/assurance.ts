/** How sure it is who the client is: the address's word, a token's, a certificate's (design.md section 2). */
import type { ClientView } from "./authorization-request.ts";

/** In rising order. */
export const assurances = ["None", "Network", "Token", "TLS"] as const;
export type Assurance = (typeof assurances)[number];

/** As a number that compares: the place in `assurances`. */
export function assuranceLevel(client: ClientView): number {
  if (client.principal !== "") return 3;
  if (client.token !== undefined) return 2;
  return client.namespace === "" ? 0 : 1;
}
