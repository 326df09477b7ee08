/**
 * What is said of a policy of our own kinds: as a whole, and target by target (GEP-713). What cannot be carried out closes its targets; a
 * target that is not there is nothing to protect, until it is.
 */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { AuthorizationPolicySpec } from "@waystone/api/kubernetes/waystone";
import { controllerName } from "@waystone/api/names";
import type { EncodedResource } from "@waystone/xds/resource";
import { draftCondition, type DraftCondition } from "../../model/draft-condition.ts";
import type { Finding } from "../../model/finding.ts";
import type { SourcedObject } from "../../model/sources.ts";
import { type AncestorStatus, emptyStatus, type ObjectStatus, referencesTo } from "../object-status.ts";
import { type TargetJudgeContext, waypointsOf } from "./service-targets.ts";
import type { ResolvedTarget } from "./targets.ts";

export interface OwnPolicyParts {
  readonly source: SourcedObject<
    KubernetesObject & { readonly spec: Pick<AuthorizationPolicySpec, "targetRefs" | "mode"> }
  >;
  readonly resource: EncodedResource;
  /** What it checks clients by, where that is pushed apart. */
  readonly secret?: EncodedResource | undefined;
  /** In the order of the object's targetRefs. */
  readonly targets: readonly ResolvedTarget[];
  /** "field: message", the field without "spec."; not empty: it cannot be carried out. */
  readonly reasons: readonly string[];
  /** What becomes of the targets then: "its targets deny everything". */
  readonly consequence: string;
  /** References beside the targets that lead nowhere. */
  readonly lostReferences?: readonly LostReference[];
  /** Beside Accepted, of a target. */
  readonly ofTarget?: (target: ResolvedTarget, index: number) => readonly DraftCondition[];
  readonly findings?: readonly Finding[];
}

export interface LostReference {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
  /** What comes of it. */
  readonly consequence: string;
}

export function ownPolicyStatus(
  context: Pick<TargetJudgeContext, "fetch" | "model" | "routesByBackend">,
  parts: OwnPolicyParts,
): ObjectStatus {
  const { source, resource, secret, targets, reasons, lostReferences = [], consequence } = parts;
  const { object } = source;
  const status = emptyStatus(object, source.problem);
  const { generation } = status;
  const accepted = acceptedCondition(parts, generation);
  return {
    ...status,
    mode: object.spec.mode ?? "Enforce",
    resources: referencesTo(resource, secret),
    conditions: [accepted, resolvedRefs(targets, lostReferences, generation)],
    ancestors: targets.map((target, index): AncestorStatus => {
      const { group, kind, name, sectionName } = object.spec.targetRefs[index]!;
      const section = sectionName === undefined ? {} : { sectionName };
      return {
        ancestorRef: { group, kind, name, namespace: object.metadata.namespace ?? "", ...section },
        controllerName,
        waypoints: [...new Set(target.services.flatMap(({ service }) => waypointsOf(context, service.key)))],
        conditions: [
          targetCondition(target, accepted, generation),
          ...(parts.ofTarget?.(target, index) ?? []),
        ],
      };
    }),
    findings: [
      ...targets.flatMap(targetFinding),
      ...lostReferences.map(
        ({ field, message, consequence }): Finding => ({
          severity: "error",
          field,
          message: `${message} (${consequence})`,
        }),
      ),
      ...reasons.map((reason) => unusableFinding(reason, consequence)),
      ...(parts.findings ?? []),
    ],
  };
}

/** Whether it is carried out as written. What is not closes its targets, or has none. */
function acceptedCondition(
  { targets, reasons, consequence, findings = [] }: OwnPolicyParts,
  generation: number,
): DraftCondition {
  if (reasons.length > 0) {
    const message = `cannot be carried out, so that ${consequence}: ${reasons.join("; ")}`;
    return draftCondition("Accepted", "False", "Invalid", message, generation);
  }
  const lost = targets.flatMap(({ fault }) =>
    fault === undefined || fault.reason === "SectionNotFound" ? [] : fault,
  );
  if (lost.length < targets.length || lost[0] === undefined) {
    return draftCondition("Accepted", "True", "Accepted", messageOf(findings), generation);
  }
  return draftCondition(
    "Accepted",
    "False",
    lost[0].reason,
    lost.map(({ message }) => message).join("; "),
    generation,
  );
}

const findingsToldAtMost = 3;

/** Findings are in logs and `waystone status`; who asks kubectl is to know too where it does something else than one might think. */
function messageOf(findings: readonly Finding[]): string {
  const told = findings.slice(0, findingsToldAtMost).map(({ field, message }) => `${field}: ${message}`);
  const more = findings.length - told.length;
  return ["the policy is carried out", ...told, ...(more > 0 ? [`and ${more} more like these`] : [])].join(
    "; ",
  );
}

function targetCondition(
  { fault }: ResolvedTarget,
  ofPolicy: DraftCondition,
  generation: number,
): DraftCondition {
  if (fault === undefined || ofPolicy.reason === "Invalid") return ofPolicy;
  return draftCondition("Accepted", "False", fault.reason, fault.message, generation);
}

function resolvedRefs(
  targets: readonly ResolvedTarget[],
  lost: readonly LostReference[],
  generation: number,
): DraftCondition {
  const faults = [...lost, ...targets.flatMap(({ fault }) => fault ?? [])];
  const [first] = faults;
  if (first === undefined) {
    return draftCondition("ResolvedRefs", "True", "ResolvedRefs", "all targets exist", generation);
  }
  const message = faults.map((fault) => fault.message).join("; ");
  return draftCondition("ResolvedRefs", "False", first.reason, message, generation);
}

function targetFinding({ fault, services }: ResolvedTarget, index: number): Finding[] {
  const field = `spec.targetRefs[${index}]`;
  if (fault !== undefined) return [{ severity: "error", field, message: fault.message }];
  const unserved = services.filter(({ service }) => service.waypoint === undefined);
  if (services.length === 0 || unserved.length < services.length) return [];
  const message = `no waypoint serves ${unserved[0]?.service.key ?? ""}${unserved.length > 1 ? ` and ${unserved.length - 1} more` : ""}, so that nothing carries the policy out`;
  return [
    {
      severity: "warning",
      field,
      message: `${message}; annotate it or its Namespace with waystone.dev/use-waypoint`,
    },
  ];
}

function unusableFinding(reason: string, consequence: string): Finding {
  const colon = reason.indexOf(": ");
  const message = `${reason.slice(colon + 2)} (${consequence})`;
  return { severity: "error", field: `spec.${reason.slice(0, colon)}`, message };
}
