/**
 * Which XBackendTrafficPolicy is in force for which Service. The controller decides whose target a policy has won; while its pushes are
 * under way two may claim one, and then the older counts, then the name (GEP-713). One object per Service for as long as its
 * policy says the same: the retry budget's counts are in it.
 */
import type { BackendTrafficResource, PolicyResource } from "@waystone/api/resources";
import type { PolicyTarget } from "@waystone/engine/authorization/policy";
import { type BackendTraffic, compileBackendTraffic } from "@waystone/engine/retry/backend-traffic";
import { Problems, ResourceError } from "@waystone/engine/route/problems";
import type { StoredPolicy } from "./policies.ts";
import { isPolicyBefore } from "./policy-precedence.ts";
import { serviceTargets } from "./service-targets.ts";

interface Converted {
  readonly targets: readonly PolicyTarget[];
  readonly backendTraffic: BackendTrafficResource;
}

/** Throws a ResourceError with every reason. One that is unusable holds nowhere: nothing is protected by it. */
export function backendTrafficFromResource(key: string, resource: PolicyResource): Converted {
  const backendTraffic = resource.backendTraffic ?? {};
  const problems = new Problems();
  compileBackendTraffic(backendTraffic, problems);
  if (problems.reasons.length > 0) throw new ResourceError(key, problems.reasons);
  const isUsable = (resource.unusable ?? []).length === 0;
  const targets = serviceTargets(resource).map((target) => ({ ...target, section: "" }));
  return { targets: isUsable ? targets : [], backendTraffic };
}

interface InForce {
  readonly content: string;
  readonly traffic: BackendTraffic;
}

export class BackendTrafficInForce {
  /** By "<namespace>/<name>" of the Service. */
  readonly #byService = new Map<string, InForce>();

  /** `policies`: those about the Service. */
  of(service: string, policies: ReadonlySet<StoredPolicy>): BackendTraffic | undefined {
    const message = firstOf(policies);
    if (message === undefined) {
      this.#byService.delete(service);
      return undefined;
    }
    const content = JSON.stringify(message);
    const known = this.#byService.get(service);
    if (known?.content === content) return known.traffic;
    const traffic = compileBackendTraffic(message, new Problems());
    this.#byService.set(service, { content, traffic });
    return traffic;
  }
}

function firstOf(policies: ReadonlySet<StoredPolicy>): BackendTrafficResource | undefined {
  let first: StoredPolicy | undefined;
  let message: BackendTrafficResource | undefined;
  for (const policy of policies) {
    if (policy.spec.case !== "backend-traffic") continue;
    if (first !== undefined && !isPolicyBefore(policy, first)) continue;
    first = policy;
    message = policy.spec.backendTraffic;
  }
  return message;
}
