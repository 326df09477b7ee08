/** The path of a request with as much of its query as others get to see: without the credentials that a policy keeps to itself. */
import { withoutParameter } from "@waystone/engine/authentication/credential-places";
import type { Exchange } from "./exchange.ts";

export function withQuery({ hasQuery, query, withheld }: Exchange, path: string): string {
  if (!hasQuery) return path;
  const left = withheld.reduce(withoutParameter, query);
  return left === "" && withheld.length > 0 ? path : `${path}?${left}`;
}
