/** The targets of a policy that is about Services alone; those of other kinds are nothing to it. */
import type { PolicyResource } from "@waystone/api/resources";
import type { PolicyTarget } from "@waystone/engine/authorization/policy";

export function serviceTargets({ targets }: PolicyResource): PolicyTarget[] {
  return (targets ?? []).flatMap(({ kind, name, section }): PolicyTarget[] =>
    kind === "Service" ? [{ kind, name: name ?? "", section: section ?? "" }] : [],
  );
}
