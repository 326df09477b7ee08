/**
 * One targetRef of a policy about backends, and what is said of it: an ancestor of its own for each Service (GEP-713: an ancestor is the
 * target or above it; of a mesh no Gateway is above a Service). Only what waypoints of ours serve or send requests to is ours
 * to speak of, and names that nobody has.
 */
import type { LocalPolicyTargetReference } from "@waystone/api/kubernetes/gateway";
import { controllerName } from "@waystone/api/names";
import type { FetchContext, Index } from "@waystone/collection/collection";
import { type DraftCondition, draftCondition } from "../../model/draft-condition.ts";
import type { Finding } from "../../model/finding.ts";
import type { Model } from "../../model/model.ts";
import type { ServiceModel } from "../../model/service.ts";
import type { Sources } from "../../model/sources.ts";
import type { AncestorStatus } from "../object-status.ts";
import type { RouteTranslation } from "../route-to-resource.ts";

export interface TargetJudgeContext {
  readonly fetch: FetchContext;
  readonly sources: Pick<Sources, "cluster">;
  readonly model: Pick<Model, "services">;
  readonly routesByBackend: Index<RouteTranslation>;
}

export interface TargetQuestion {
  /** The policy's. */
  readonly namespace: string;
  readonly kind: string;
  readonly ref: LocalPolicyTargetReference & { readonly sectionName?: string };
  readonly field: string;
  /** Why the policy itself cannot be carried out. */
  readonly faults: readonly {
    readonly field: string;
    readonly message: string;
    /** Invalid unless it says otherwise. */
    readonly reason?: "Invalid" | "NoValidCACertificate";
  }[];
  /** "<namespace>/<name>" of the policy that has the Service instead; undefined: none. */
  readonly winner: (service: string) => string | undefined;
  /** Conditions beside Accepted. */
  readonly more?: readonly DraftCondition[];
}

export interface JudgedTarget {
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly isAccepted: boolean;
  /** undefined: not ours to speak of. */
  readonly ancestor: ((generation: number) => AncestorStatus) | undefined;
  readonly finding: Finding | undefined;
}

type Verdict =
  | { readonly reason: "Accepted"; readonly message: string }
  | {
      readonly reason: "Invalid" | "NoValidCACertificate" | "TargetNotFound" | "Conflicted";
      readonly message: string;
    };

export function judgeTarget(context: TargetJudgeContext, question: TargetQuestion): JudgedTarget {
  const { ref, namespace, field } = question;
  const service = `${namespace}/${ref.name}`;
  const waypoints = waypointsOf(context, service);
  const verdict = verdictOf(context, question, service);
  if (verdict === undefined || (verdict.reason === "Accepted" && waypoints.length === 0)) {
    const message = `no waypoint serves ${ref.kind} ${service} or sends requests to it, so that nothing would carry the policy out; annotate it or its Namespace with waystone.dev/use-waypoint`;
    const severity = context.sources.cluster === undefined ? "warning" : "info";
    return { service, isAccepted: false, ancestor: undefined, finding: { severity, field, message } };
  }
  const isAccepted = verdict.reason === "Accepted";
  const isToldBefore = isAccepted || question.faults.some(({ message }) => verdict.message.includes(message));
  return {
    service,
    isAccepted,
    ancestor: (generation) => ({
      ancestorRef: {
        group: ref.group,
        kind: ref.kind,
        name: ref.name,
        namespace,
        ...(ref.sectionName === undefined ? {} : { sectionName: ref.sectionName }),
      },
      controllerName,
      waypoints: isAccepted ? waypoints : [],
      conditions: [
        draftCondition(
          "Accepted",
          isAccepted ? "True" : "False",
          verdict.reason,
          verdict.message,
          generation,
        ),
        ...(question.more ?? []),
      ],
    }),
    finding: isToldBefore ? undefined : { severity: "error", field, message: verdict.message },
  };
}

/** undefined: the Service has another mesh, or none. */
function verdictOf(
  { fetch, model, sources }: TargetJudgeContext,
  { ref, kind, faults, winner }: TargetQuestion,
  service: string,
): Verdict | undefined {
  if (ref.group !== "" || ref.kind !== "Service") {
    // In a cluster it may be another controller's, as Services without a waypoint are.
    if (sources.cluster !== undefined) return undefined;
    const group = ref.group === "" ? "" : ` of group ${ref.group}`;
    return { reason: "Invalid", message: `${ref.kind}${group} is no target here: only Services are` };
  }
  if (fetch.get(model.services, service) === undefined) {
    return {
      reason: "TargetNotFound",
      message: `Service ${service} does not exist; the policy holds for it as soon as it does`,
    };
  }
  if (!hasSection(fetch.get(model.services, service), ref.sectionName)) {
    const message = `Service ${service} has no port named ${ref.sectionName}; the policy holds for it as soon as it has`;
    return { reason: "TargetNotFound", message };
  }
  const [fault] = faults;
  if (fault !== undefined) {
    return {
      reason: fault.reason ?? "Invalid",
      message: faults.map(({ field, message }) => `${field}: ${message}`).join("; "),
    };
  }
  const other = winner(service);
  if (other === undefined) return { reason: "Accepted", message: `the policy holds for Service ${service}` };
  const message = `${kind} ${other} is about Service ${service} too, and is older, or of the same age and before in name; one Service has one`;
  return { reason: "Conflicted", message };
}

function hasSection(service: ServiceModel | undefined, section: string | undefined): boolean {
  return section === undefined || service?.ports.some(({ name }) => name === section) === true;
}

/** Those that serve the Service, and those whose routes send requests to it; sorted. */
export function waypointsOf(
  { fetch, model, routesByBackend }: Pick<TargetJudgeContext, "fetch" | "model" | "routesByBackend">,
  service: string,
): readonly string[] {
  const found = new Set<string>(fetch.get(model.services, service)?.waypoints);
  for (const { needs } of fetch.lookup(routesByBackend, service)) {
    for (const parent of needs.parents) {
      for (const waypoint of fetch.get(model.services, parent)?.waypoints ?? []) found.add(waypoint);
    }
  }
  return [...found].toSorted();
}
