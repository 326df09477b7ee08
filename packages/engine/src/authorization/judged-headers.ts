/**
 * Which headers policies look at. An endpoint may merge a request's trailers into its headers (RFC 9110 6.5.1), after policies have
 * judged those: what has such a name is taken out of the trailers.
 */

/** In lower case; "any": some name of them is only known when a request comes, or whoever is asked sees all of them. */
export type JudgedHeaders = ReadonlySet<string> | "any";

export const noHeaders: ReadonlySet<string> = new Set();

export function allJudged(parts: Iterable<Iterable<string> | "any">): JudgedHeaders {
  const names = new Set<string>();
  for (const part of parts) {
    if (part === "any") return "any";
    for (const name of part) names.add(name);
  }
  return names.size === 0 ? noHeaders : names;
}
