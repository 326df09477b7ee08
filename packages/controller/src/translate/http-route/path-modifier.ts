/**
 * path of RequestRedirect and URLRewrite -> PathModifier. ReplacePrefixMatch replaces what a PathPrefix matched, so it needs
 * a rule with exactly one match, and that a PathPrefix (the CRD says so too).
 */
import type { HTTPPathModifier, HTTPRouteMatch } from "@waystone/api/kubernetes/gateway";
import type { Faults } from "./faults.ts";

export type PathModifier =
  | { readonly path: "replaceFullPath"; readonly replaceFullPath: string }
  | { readonly path: "replacePrefixMatch"; readonly replacePrefixMatch: string };

export function translatePathModifier(
  modifier: HTTPPathModifier | undefined,
  matches: readonly HTTPRouteMatch[] | undefined,
  at: string,
  faults: Faults,
): PathModifier | null {
  if (modifier === undefined) return null;
  if (modifier.type === "ReplaceFullPath") {
    return { path: "replaceFullPath", replaceFullPath: modifier.replaceFullPath ?? "" };
  }
  if (!hasOnePrefix(matches)) {
    const need = "ReplacePrefixMatch needs a rule with exactly one match, of type PathPrefix";
    faults.refuse(`${at}.type`, `${need}; split the rule or use ReplaceFullPath`);
  }
  return { path: "replacePrefixMatch", replacePrefixMatch: modifier.replacePrefixMatch ?? "" };
}

function hasOnePrefix(matches: readonly HTTPRouteMatch[] | undefined): boolean {
  if (matches === undefined || matches.length === 0) return true;
  return matches.length === 1 && (matches[0]?.path?.type ?? "PathPrefix") === "PathPrefix";
}
