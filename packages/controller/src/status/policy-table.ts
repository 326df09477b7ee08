/** Policies of every kind as rows of one table: what `waystone status policies` prints, of files and of a cluster. */
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import { renderTable } from "@waystone/base/table";

export interface PolicyView {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly targets: readonly Pick<ParentReference, "kind" | "name" | "sectionName">[];
  /** Undefined: of a kind that has none. */
  readonly mode: string | undefined;
  /** Of the policy; those of its ancestors count where it has none of its own (policies of the Gateway API). */
  readonly conditions: readonly Condition[];
  readonly ancestors: readonly { readonly conditions: readonly Condition[] }[];
  /** What no condition says. */
  readonly notes: readonly string[];
}

export interface PolicyRow {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** "Service/api:http" */
  readonly targets: readonly string[];
  /** "Enforce" or "Shadow"; null: of a kind that has none. */
  readonly mode: string | null;
  readonly accepted: string;
  readonly resolved: string;
  readonly programmed: string;
  /** "2/3": waypoints that run this generation, of those concerned; null: not said. */
  readonly inSync: string | null;
  /** What is not as it should be, and by whom it is overridden; empty: nothing. */
  readonly message: string;
}

export function policyRow({ targets, mode, notes, ...view }: PolicyView): PolicyRow {
  const conditions =
    view.conditions.length > 0 ? view.conditions : view.ancestors.flatMap((each) => each.conditions);
  const find = (type: string): Condition | undefined => worstOf(conditions, type);
  const ofTargets = view.ancestors.flatMap((each) => each.conditions);
  const messages = [...conditions, ...ofTargets].filter(isRemarkable).map(({ message }) => message);
  return {
    namespace: view.namespace,
    kind: view.kind,
    name: view.name,
    targets: targets.map(describeTarget),
    mode: mode ?? null,
    accepted: show(find("Accepted")),
    resolved: show(find("ResolvedRefs")),
    programmed: show(find("Programmed")),
    inSync: countOf(find("Programmed")),
    message: [...new Set([...messages, ...notes])].filter((message) => message !== "").join("; "),
  };
}

const header = [
  "NAMESPACE",
  "KIND",
  "NAME",
  "TARGETS",
  "MODE",
  "ACCEPTED",
  "RESOLVED",
  "PROGRAMMED",
  "IN SYNC",
  "MESSAGE",
];

export function renderPolicyTable(rows: readonly PolicyRow[]): string {
  return renderTable(
    header,
    rows.map((row) => [
      row.namespace,
      row.kind,
      row.name,
      row.targets.join(",") || "-",
      row.mode ?? "-",
      row.accepted,
      row.resolved,
      row.programmed,
      row.inSync ?? "-",
      row.message || "-",
    ]),
  );
}

/** The first that is not True, or else the first: a policy is accepted where all of its targets say so. */
function worstOf(conditions: readonly Condition[], type: string): Condition | undefined {
  const same = conditions.filter((condition) => condition.type === type);
  return same.find(({ status }) => status !== "True") ?? same[0];
}

/** Overridden is bad when True, all others when not. That waypoints are on their way is no news. */
function isRemarkable({ type, status, reason }: Condition): boolean {
  if (type === "Overridden") return status === "True";
  if (type === "Programmed") return status === "False" && reason !== "Pending";
  return status !== "True";
}

function show(condition: Condition | undefined): string {
  if (condition === undefined) return "-";
  return condition.status === "True" ? "True" : `${condition.status} (${condition.reason})`;
}

/** The count that every Programmed condition says: "2/3 waypoints at generation 7". */
export function countOf(programmed: Condition | undefined): string | null {
  return /\b(\d+\/\d+) waypoints\b/.exec(programmed?.message ?? "")?.[1] ?? null;
}

function describeTarget({ kind = "Service", name, sectionName }: PolicyView["targets"][number]): string {
  return `${kind}/${name}${sectionName === undefined ? "" : `:${sectionName}`}`;
}
