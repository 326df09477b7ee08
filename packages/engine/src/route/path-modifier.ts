/**
 * New paths for redirects and rewrites. Works on normalised paths and gives normalised paths: the replacement is
 * normalised when it is compiled, and what is kept of a normalised path has no dot segments.
 */
import { normalizePath } from "../path/normalize-path.ts";
import type { Problems } from "./problems.ts";

export type PathModifier =
  | { readonly type: "full"; readonly path: string }
  /** Without a trailing slash; "" takes the prefix away. */
  | { readonly type: "prefix"; readonly prefix: string };

export interface PathModifierInput {
  readonly replaceFullPath?: string | null;
  readonly replacePrefixMatch?: string | null;
}

/** `prefixMatches`: whether every match of the rule is a PathPrefix, without which no prefix can be replaced. */
export function compilePathModifier(
  input: PathModifierInput,
  prefixMatches: boolean,
  field: string,
  problems: Problems,
): PathModifier | undefined {
  if (typeof input.replaceFullPath === "string") {
    const path = normalizeReplacement(input.replaceFullPath, `${field}.replaceFullPath`, problems);
    return path === undefined ? undefined : { type: "full", path };
  }
  if (typeof input.replacePrefixMatch !== "string") {
    problems.add(field, "neither replaceFullPath nor replacePrefixMatch is set");
    return undefined;
  }
  if (!prefixMatches) {
    problems.add(`${field}.replacePrefixMatch`, "needs every match of the rule to be a PathPrefix");
    return undefined;
  }
  if (input.replacePrefixMatch === "") return { type: "prefix", prefix: "" };
  const prefix = normalizeReplacement(input.replacePrefixMatch, `${field}.replacePrefixMatch`, problems);
  return prefix === undefined ? undefined : { type: "prefix", prefix: prefix.replace(/\/+$/, "") };
}

function normalizeReplacement(value: string, field: string, problems: Problems): string | undefined {
  const path = normalizePath(value);
  if (typeof path === "string") return path;
  problems.add(field, `${JSON.stringify(value)} is not a path: ${path.refused}`);
  return undefined;
}

/**
 * `matchedPrefix` is the value of the PathPrefix match that won, without its trailing slash ("" for "/"). Gateway API,
 * HTTPPathModifier.replacePrefixMatch: trailing slashes of both are ignored, and nothing left is "/".
 */
export function modifyPath(modifier: PathModifier, path: string, matchedPrefix: string): string {
  if (modifier.type === "full") return modifier.path;
  return modifier.prefix + path.slice(matchedPrefix.length) || "/";
}
