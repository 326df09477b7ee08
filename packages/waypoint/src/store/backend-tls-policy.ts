/**
 * A BackendTLSPolicy as the store keeps it, and which one is in force for which Service port. The controller says whose target
 * a policy has won; while its pushes are under way two may claim one, and the order is the specification's: a port before
 * the whole Service, then the older, then the name.
 */
import type { BackendTlsResource, PolicyResource } from "@waystone/api/resources";
import type { PolicyTarget } from "@waystone/engine/authorization/policy";
import { type BackendTls, backendTlsFromResource } from "./backend-tls.ts";
import type { BackendTlsVerdict } from "./backend-set.ts";
import type { ClientIdentity } from "./client-identity.ts";
import { RefusedError } from "./decode-resource.ts";
import type { PolicyChange, StoredPolicy } from "./policies.ts";

export interface BackendTlsPolicy {
  readonly createdAtSeconds: number;
  readonly message: BackendTlsResource;
  readonly verdict: Exclude<BackendTlsVerdict, undefined>;
}

interface Converted {
  readonly targets: readonly PolicyTarget[];
  readonly backendTls: BackendTlsPolicy;
}

/** Throws a RefusedError with every reason. */
export function backendTlsPolicyFromResource(
  resource: PolicyResource,
  before: BackendTlsPolicy | undefined,
  identity: ClientIdentity | undefined,
): Converted {
  const { kind, namespace, name, createdAtSeconds } = resource;
  const targets = (resource.targets ?? []).flatMap((target): PolicyTarget[] =>
    target.kind === "Service"
      ? [{ kind: "Service", name: target.name ?? "", section: target.section ?? "" }]
      : [],
  );
  const message = resource.backendTls ?? {};
  const unusable = resource.unusable ?? [];
  const verdict =
    unusable.length > 0
      ? { unusable: `${kind}/${namespace}/${name}: ${unusable.join("; ")}` }
      : convertTls(message, before?.verdict, identity);
  return { targets, backendTls: { createdAtSeconds: createdAtSeconds ?? 0, message, verdict } };
}

/** The same policy with another certificate of our own; itself where that changes nothing. */
export function withIdentity(
  policy: BackendTlsPolicy,
  identity: ClientIdentity | undefined,
): BackendTlsPolicy {
  if ("unusable" in policy.verdict) return policy;
  const verdict = convertTls(policy.message, policy.verdict, identity);
  return verdict === policy.verdict ? policy : { ...policy, verdict };
}

function convertTls(
  message: BackendTlsResource,
  before: BackendTlsVerdict,
  identity: ClientIdentity | undefined,
): BackendTls {
  const reasons: string[] = [];
  const known = before !== undefined && "context" in before ? before : undefined;
  const tls = backendTlsFromResource(message, identity, known, reasons);
  if (tls === undefined) throw new RefusedError(reasons.join("; "));
  return tls;
}

/** What holds for connections to a port of a Service, by the policies that are about the Service. */
export function backendTlsOf(
  policies: ReadonlySet<StoredPolicy>,
  service: string,
  portName: string,
): BackendTlsVerdict {
  let best: Claim | undefined;
  for (const { name, targets, spec } of policies) {
    if (spec.case !== "backend-tls") continue;
    for (const target of targets) {
      if (target.name !== service || (target.section !== "" && target.section !== portName)) continue;
      const candidate = { name, section: target.section, policy: spec.backendTls };
      if (best === undefined || isBefore(candidate, best)) best = candidate;
    }
  }
  return best?.policy.verdict;
}

type Claim = { readonly name: string; readonly section: string; readonly policy: BackendTlsPolicy };

function isBefore(a: Claim, b: Claim): boolean {
  if ((a.section === "") !== (b.section === "")) return a.section !== "";
  const age = a.policy.createdAtSeconds - b.policy.createdAtSeconds;
  return age === 0 ? a.name < b.name : age < 0;
}

/** The Services whose connections a change is about. */
export function servicesOverTls(changes: readonly PolicyChange[]): ReadonlySet<string> {
  const services = new Set<string>();
  for (const { before, after } of changes) {
    for (const policy of [before, after]) {
      if (policy?.spec.case !== "backend-tls") continue;
      for (const { name } of policy.targets) services.add(name);
    }
  }
  return services;
}
