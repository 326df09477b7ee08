/**
 * Which XBackendTrafficPolicy is in force for which Service. The controller decides whose target a policy has won; while its pushes are
 * under way two may claim one, and then the older counts, then the name (GEP-713). One object per Service for as long as its
 * policy says the same: the retry budget's counts are in it.
 */
import type { BackendTrafficResource, PolicyResource } from "@waystone/api/resources";
import { type BackendTraffic, compileBackendTraffic } from "@waystone/engine/retry/backend-traffic";
import { Problems, ResourceError } from "@waystone/engine/route/problems";

export interface BackendTrafficPolicy {
  /** "XBackendTrafficPolicy/<namespace>/<name>" */
  readonly key: string;
  readonly createdAtSeconds: number;
  /** "<namespace>/<name>" */
  readonly services: readonly string[];
  readonly message: BackendTrafficResource;
}

/** Throws a ResourceError with every reason. One that is unusable holds nowhere: nothing is protected by it. */
export function backendTrafficFromResource(key: string, policy: PolicyResource): BackendTrafficPolicy {
  const message = policy.backendTraffic ?? {};
  const problems = new Problems();
  compileBackendTraffic(message, problems);
  if (problems.reasons.length > 0) throw new ResourceError(key, problems.reasons);
  const isUsable = (policy.unusable ?? []).length === 0;
  const services = (policy.targets ?? []).flatMap(({ kind, name }) =>
    kind === "Service" ? [name ?? ""] : [],
  );
  return {
    key,
    createdAtSeconds: policy.createdAtSeconds ?? 0,
    services: isUsable ? services : [],
    message,
  };
}

interface InForce {
  readonly content: string;
  readonly traffic: BackendTraffic;
}

export class BackendTrafficPolicies {
  readonly #byService = new Map<string, readonly BackendTrafficPolicy[]>();
  readonly #inForce = new Map<string, InForce>();

  put(policy: BackendTrafficPolicy): void {
    for (const service of policy.services) {
      const rivals = this.#byService.get(service) ?? [];
      this.#settle(service, [...rivals, policy].sort(byPrecedence));
    }
  }

  remove(policy: BackendTrafficPolicy): void {
    for (const service of policy.services) {
      const rivals = this.#byService.get(service) ?? [];
      this.#settle(
        service,
        rivals.filter((other) => other !== policy),
      );
    }
  }

  of(service: string): BackendTraffic | undefined {
    const [policy] = this.#byService.get(service) ?? [];
    if (policy === undefined) {
      this.#inForce.delete(service);
      return undefined;
    }
    const content = JSON.stringify(policy.message);
    const known = this.#inForce.get(service);
    if (known?.content === content) return known.traffic;
    const traffic = compileBackendTraffic(policy.message, new Problems());
    this.#inForce.set(service, { content, traffic });
    return traffic;
  }

  #settle(service: string, policies: readonly BackendTrafficPolicy[]): void {
    if (policies.length === 0) this.#byService.delete(service);
    else this.#byService.set(service, policies);
  }
}

function byPrecedence(a: BackendTrafficPolicy, b: BackendTrafficPolicy): number {
  return a.createdAtSeconds - b.createdAtSeconds || (a.key < b.key ? -1 : 1);
}
