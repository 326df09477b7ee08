/** Claims of a token as headers, for who serves the request (claimsToHeaders). */
import type { TokenView } from "../authorization/authorization-request.ts";
import { type HeaderLine, parseHeaderLine } from "../headers/header-line.ts";
import type { ClaimToHeader } from "./policy.ts";

/** A claim that is not there, or cannot stand in a header, has none. */
export function claimLines(
  claimsToHeaders: readonly ClaimToHeader[],
  token: TokenView,
): readonly HeaderLine[] {
  return claimsToHeaders.flatMap(({ claim, header }): HeaderLine[] => {
    const texts = token.claim(claim);
    // A comma within a text would make two of one.
    if (texts.length === 0 || (texts.length > 1 && texts.some((text) => text.includes(",")))) return [];
    const line = parseHeaderLine(header, texts.join(","));
    return typeof line === "string" ? [] : [line];
  });
}
