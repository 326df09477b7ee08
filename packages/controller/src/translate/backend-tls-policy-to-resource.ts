/**
 * BackendTLSPolicy -> Policy resource and what is said of it for each target (GEP-1897, GEP-713). It is about a Service whatever route leads
 * there: every waypoint that sends requests to it has it. One that cannot be carried out is pushed as such, and its targets get
 * no request: without TLS nothing may go to where TLS was asked for. Of two about one Service port the older holds, then the
 * name, also where it cannot be carried out; one about a port goes before one about the whole Service.
 */
import type { BackendTLSPolicy } from "@waystone/api/kubernetes/gateway";
import { PolicyMode } from "@waystone/api/resources";
import type { FetchContext, Index } from "@waystone/collection/collection";
import type { EncodedResource } from "@waystone/xds/resource";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { Finding } from "../model/finding.ts";
import type { Model } from "../model/model.ts";
import type { SourcedObject, Sources } from "../model/sources.ts";
import type { PolicyTranslation } from "./authorization-policy-to-resource.ts";
import { emptyStatus, referencesTo } from "./object-status.ts";
import { type BackendValidation, translateBackendValidation } from "./policy/backend-validation.ts";
import type { CaFault } from "./policy/ca-certificates.ts";
import { encodePolicy } from "./policy/encode-policy.ts";
import { pickWinner } from "./policy/policy-order.ts";
import { judgeTarget } from "./policy/service-targets.ts";
import { resourceHead } from "./resource-head.ts";
import type { RouteTranslation } from "./route-to-resource.ts";

export interface BackendTlsContext {
  readonly fetch: FetchContext;
  readonly sources: Sources;
  readonly model: Pick<Model, "services">;
  /** By what they name (namedTargets). */
  readonly rivals: Index<SourcedObject<BackendTLSPolicy>>;
  readonly routesByBackend: Index<RouteTranslation>;
}

type Source = SourcedObject<BackendTLSPolicy>;
type TargetRef = BackendTLSPolicy["spec"]["targetRefs"][number];

export function translateBackendTls(context: BackendTlsContext, source: Source): PolicyTranslation {
  const { key, object, problem } = source;
  const name = `BackendTLSPolicy/${key}`;
  const status = emptyStatus(object, problem);
  const validation = translateBackendValidation(context.fetch, context.sources, object);
  const targets = object.spec.targetRefs.map((ref, index) =>
    judgeTarget(context, {
      namespace: object.metadata.namespace ?? "",
      kind: "BackendTLSPolicy",
      ref,
      field: `spec.targetRefs[${index}]`,
      faults: validation.faults,
      winner: () => winnerOf(context, source, ref),
      more: [resolvedRefs(validation.unresolved, status.generation)],
    }),
  );
  const held = object.spec.targetRefs.filter(
    (ref) => isService(ref) && winnerOf(context, source, ref) === undefined,
  );
  const resource = encodeHeld(source, held, validation);
  return {
    key: name,
    resource,
    needs: { policy: name, services: [...new Set(held.map((ref) => serviceOf(source, ref)))].toSorted() },
    status: {
      ...status,
      resources: referencesTo(resource),
      ancestors: targets.flatMap((target) => target.ancestor?.(status.generation) ?? []),
      findings: [...validationFindings(validation), ...targets.flatMap(({ finding }) => finding ?? [])],
    },
  };
}

/** "<namespace>/<service> <section>" of each target: what rivals are found by. */
export function namedTargets(source: Source): readonly string[] {
  return source.object.spec.targetRefs.filter(isService).map((ref) => targetName(source, ref));
}

function isService({ group, kind }: TargetRef): boolean {
  return group === "" && kind === "Service";
}

function serviceOf({ object }: Source, { name }: TargetRef): string {
  return `${object.metadata.namespace ?? ""}/${name}`;
}

function targetName(source: Source, ref: TargetRef): string {
  return `${serviceOf(source, ref)} ${ref.sectionName ?? ""}`;
}

/** The one that has the target instead. */
function winnerOf({ fetch, rivals }: BackendTlsContext, source: Source, ref: TargetRef): string | undefined {
  return pickWinner(source, fetch.lookup(rivals, targetName(source, ref)));
}

function resolvedRefs(faults: readonly CaFault[], generation: number): DraftCondition {
  const [first] = faults;
  if (first === undefined)
    return draftCondition("ResolvedRefs", "True", "ResolvedRefs", "all references are valid", generation);
  const message = faults.map((fault) => `${fault.field}: ${fault.message}`).join("; ");
  return draftCondition("ResolvedRefs", "False", first.reason, message, generation);
}

function validationFindings({ unresolved, faults }: BackendValidation): Finding[] {
  const shut = "its targets get no requests: clients are answered with 500";
  return [
    ...unresolved.map(({ field, message }): Finding => ({ severity: "error", field, message })),
    ...faults.map(
      ({ field, message }): Finding => ({ severity: "error", field, message: `${message} (${shut})` }),
    ),
  ];
}

/** undefined: it holds nowhere, so no waypoint has a use for it. */
function encodeHeld(
  source: Source,
  targets: readonly TargetRef[],
  { backendTls, faults }: BackendValidation,
): EncodedResource | undefined {
  if (targets.length === 0) return undefined;
  return encodePolicy({
    ...resourceHead(source.object),
    mode: PolicyMode.ENFORCE,
    targets: targets.map((ref) => ({
      kind: "Service",
      name: serviceOf(source, ref),
      section: ref.sectionName ?? "",
    })),
    ...(faults.length === 0
      ? { backendTls }
      : { unusable: faults.map((fault) => `${fault.field}: ${fault.message}`), backendTls: {} }),
  });
}
