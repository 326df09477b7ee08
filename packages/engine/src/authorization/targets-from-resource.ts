/** What policies of every kind of ours say in the same words on the wire: their mode and what they are about. */
import { PolicyMode as WireMode, type PolicyTargetResource } from "@waystone/api/resources";
import type { Problems } from "../route/problems.ts";
import { type PolicyMode, type PolicyTarget, targetKinds } from "./policy.ts";

export function modeFromResource(mode: number | null | undefined, problems: Problems): PolicyMode {
  if (mode === WireMode.SHADOW) return "Shadow";
  if (mode !== WireMode.ENFORCE) problems.add("mode", `${mode ?? 0} is not known to this version`);
  return "Enforce";
}

export function targetsFromResource(
  targets: readonly PolicyTargetResource[] | null | undefined,
  namespace: string,
  problems: Problems,
): readonly PolicyTarget[] {
  return (targets ?? []).map((target, index) => targetOf(target, index, namespace, problems));
}

function targetOf(
  { kind, name, section }: PolicyTargetResource,
  index: number,
  namespace: string,
  problems: Problems,
): PolicyTarget {
  const known = targetKinds.find((each) => each === kind);
  if (known === undefined) {
    problems.add(`targets[${index}].kind`, `${JSON.stringify(kind)} is not known to this version`);
  }
  const [owner] = (name ?? "").split("/");
  if (owner !== namespace) {
    problems.add(`targets[${index}].name`, `${JSON.stringify(name)} is not of the policy's own namespace`);
  }
  return { kind: known ?? "Namespace", name: name ?? "", section: section ?? "" };
}
