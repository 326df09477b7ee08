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
import { isPolicyBefore } from "./policy-precedence.ts";
import { serviceTargets } from "./service-targets.ts";

export interface BackendTlsPolicy {
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
  const { kind, namespace, name } = resource;
  const message = resource.backendTls ?? {};
  const unusable = resource.unusable ?? [];
  const verdict =
    unusable.length > 0
      ? { unusable: `${kind}/${namespace}/${name}: ${unusable.join("; ")}` }
      : convertTls(message, before?.verdict, identity);
  return { targets: serviceTargets(resource), backendTls: { message, verdict } };
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
  for (const policy of policies) {
    if (policy.spec.case !== "backend-tls") continue;
    const { verdict } = policy.spec.backendTls;
    for (const { name, section } of policy.targets) {
      if (name !== service || (section !== "" && section !== portName)) continue;
      const candidate = { policy, section, verdict };
      if (best === undefined || isBefore(candidate, best)) best = candidate;
    }
  }
  return best?.verdict;
}

interface Claim {
  readonly policy: StoredPolicy;
  readonly section: string;
  readonly verdict: BackendTlsPolicy["verdict"];
}

function isBefore(a: Claim, b: Claim): boolean {
  if ((a.section === "") !== (b.section === "")) return a.section !== "";
  return isPolicyBefore(a.policy, b.policy);
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
