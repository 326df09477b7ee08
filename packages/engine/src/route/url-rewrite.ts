/** URLRewrite: another path or host towards the backend. The query is not touched. */
import {
  compilePathModifier,
  modifyPath,
  type PathModifier,
  type PathModifierInput,
} from "./path-modifier.ts";
import type { Problems } from "./problems.ts";
import { compileHostname } from "./redirect.ts";

export interface UrlRewrite {
  /** What the Host header becomes; empty: as it was. */
  readonly hostname: string;
  readonly path: PathModifier | undefined;
}

export interface UrlRewriteInput {
  readonly hostname?: string | null;
  readonly path?: PathModifierInput | null;
}

export function compileUrlRewrite(
  input: UrlRewriteInput,
  prefixMatches: boolean,
  field: string,
  problems: Problems,
): UrlRewrite {
  return {
    hostname: compileHostname(input.hostname ?? "", `${field}.hostname`, problems),
    path: input.path ? compilePathModifier(input.path, prefixMatches, `${field}.path`, problems) : undefined,
  };
}

/** The path to forward. `matchedPrefix` as in path-modifier.ts. */
export function rewritePath(rewrite: UrlRewrite, path: string, matchedPrefix: string): string {
  return rewrite.path === undefined ? path : modifyPath(rewrite.path, path, matchedPrefix);
}
