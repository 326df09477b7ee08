/** What a command is about: a namespace, or a Service in one. */
import { CliError } from "../cli-error.ts";

export type Target =
  | { readonly kind: "namespace"; readonly name: string }
  | { readonly kind: "service"; readonly namespace: string; readonly name: string };

const namespaceWords: ReadonlySet<string> = new Set(["namespace", "namespaces", "ns"]);
const serviceWords: ReadonlySet<string> = new Set(["service", "services", "svc"]);

/**
 * "shop" and "ns/shop" are a namespace, "svc/web" a Service of `namespace`; `kubectl`'s two words ("svc web") work too.
 * Throws a CliError that says what would be right.
 */
export function parseTarget(words: readonly string[], namespace: string): Target {
  const parts = words.flatMap((word) => word.split("/"));
  const [kind = "", name = ""] = parts.length === 1 ? ["namespace", parts[0]] : parts;
  const isName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name);
  if (parts.length <= 2 && isName && namespaceWords.has(kind.toLowerCase()))
    return { kind: "namespace", name };
  if (parts.length === 2 && isName && serviceWords.has(kind.toLowerCase()))
    return { kind: "service", namespace, name };
  throw new CliError(
    `${JSON.stringify(words.join(" "))} is neither a namespace nor a Service: give a namespace ("shop") or "svc/web" with -n shop`,
  );
}

/** "namespace/shop", "service/web": as kubectl prints what it has changed. */
export function describeTarget(target: Target): string {
  return `${target.kind}/${target.name}`;
}
