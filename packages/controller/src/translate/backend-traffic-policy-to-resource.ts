/**
 * XBackendTrafficPolicy -> Policy resource and what is said of it for each target (GEP-3388, GEP-713). It is about a Service whatever route
 * leads there: every waypoint that sends requests to it has it. What cannot be carried out is not pushed: nothing is protected
 * by it. Of two that are about one Service the older holds, then the name, and the other one is told so.
 */
import type { XBackendTrafficPolicy } from "@waystone/api/kubernetes/gateway";
import { type BackendTrafficResource, PolicyMode } from "@waystone/api/resources";
import type { FetchContext, Index } from "@waystone/collection/collection";
import type { EncodedResource } from "@waystone/xds/resource";
import type { Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";
import type { SourcedObject, Sources } from "../model/sources.ts";
import type { PolicyTranslation } from "./authorization-policy-to-resource.ts";
import { emptyStatus, referencesTo } from "./object-status.ts";
import { encodePolicy } from "./policy/encode-policy.ts";
import { pickWinner } from "./policy/policy-order.ts";
import { type JudgedTarget, judgeTarget } from "./policy/service-targets.ts";
import { translateRetryConstraint } from "./policy/retry-constraint.ts";
import { resourceHead } from "./resource-head.ts";
import type { RouteTranslation } from "./route-to-resource.ts";
import { translateSessionPersistence } from "./session-persistence.ts";

export interface BackendTrafficContext {
  readonly fetch: FetchContext;
  readonly sources: Sources;
  readonly model: Pick<Model, "services">;
  /** By "<namespace>/<name>" of the Service. */
  readonly rivals: Index<SourcedObject<XBackendTrafficPolicy>>;
  readonly routesByBackend: Index<RouteTranslation>;
}

type Source = SourcedObject<XBackendTrafficPolicy>;

export function translateBackendTraffic(context: BackendTrafficContext, source: Source): PolicyTranslation {
  const { key, object, problem } = source;
  const { spec, faults } = translateSpec(source);
  const targets = object.spec.targetRefs.map((ref, index) =>
    judgeTarget(context, {
      namespace: object.metadata.namespace ?? "",
      kind: "XBackendTrafficPolicy",
      ref,
      field: `spec.targetRefs[${index}]`,
      faults,
      winner: (service) => winnerOf(context, service, source),
    }),
  );
  const services = targets.flatMap(({ service, isAccepted }) => (isAccepted ? [service] : []));
  const resource = faults.length > 0 ? undefined : encodeHeld(source, services, spec);
  const status = emptyStatus(object, problem);
  return {
    key: `XBackendTrafficPolicy/${key}`,
    resource,
    needs: { policy: `XBackendTrafficPolicy/${key}`, services: services.toSorted() },
    status: {
      ...status,
      resources: referencesTo(resource),
      ancestors: targets.flatMap((target) => target.ancestor?.(status.generation) ?? []),
      findings: [
        ...faults.map(({ field, message }): Finding => ({ severity: "error", field, message })),
        ...targets.flatMap(findingOf),
      ],
    },
  };
}

/** The Services that a policy names: what rivals are found by. */
export function targetedServices({ object }: Source): readonly string[] {
  return object.spec.targetRefs
    .filter(({ group, kind }) => group === "" && kind === "Service")
    .map(({ name }) => `${object.metadata.namespace}/${name}`);
}

function translateSpec({ key, object }: Source): {
  readonly spec: BackendTrafficResource;
  readonly faults: readonly { readonly field: string; readonly message: string }[];
} {
  const faults: { field: string; message: string }[] = [];
  const refuse = (field: string, message: string): void => void faults.push({ field, message });
  const retryBudget = translateRetryConstraint(object.spec.retryConstraint, "spec.retryConstraint", refuse);
  const sessionPersistence = translateSessionPersistence(
    object.spec.sessionPersistence,
    "spec.sessionPersistence",
    `XBackendTrafficPolicy/${key}`,
    refuse,
  );
  return {
    spec: { retryBudget: retryBudget ?? null, sessionPersistence: sessionPersistence ?? null },
    faults,
  };
}

/** One that cannot be carried out keeps nobody else from it. */
function winnerOf(
  { fetch, rivals }: BackendTrafficContext,
  service: string,
  source: Source,
): string | undefined {
  const usable = fetch.lookup(rivals, service).filter((other) => translateSpec(other).faults.length === 0);
  return pickWinner(source, usable);
}

/** undefined: it holds nowhere, so no waypoint has a use for it. */
function encodeHeld(
  { object }: Source,
  services: readonly string[],
  backendTraffic: BackendTrafficResource,
): EncodedResource | undefined {
  if (services.length === 0) return undefined;
  return encodePolicy({
    ...resourceHead(object),
    mode: PolicyMode.ENFORCE,
    targets: services.toSorted().map((service) => ({ kind: "Service", name: service, section: "" })),
    backendTraffic,
  });
}

function findingOf({ finding }: JudgedTarget): Finding[] {
  return finding === undefined ? [] : [finding];
}
