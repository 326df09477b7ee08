/** `waystone revoke secrets`: the Role of a namespace, narrowed, or taken away with its RoleBinding. */
import { fieldManagers } from "@waystone/api/names";
import { applyObject, deleteObject, getObject } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { CliError } from "../cli-error.ts";
import { withCluster } from "../cluster/connect-cluster.ts";
import { kinds } from "../cluster/kinds.ts";
import {
  buildRole,
  describeSecrets,
  type Granted,
  grantedBy,
  grantName,
  type Role,
} from "../cluster/secret-grant.ts";
import type { RevokeSecretsOptions } from "../commands/revoke.ts";

export async function revokeSecrets(options: RevokeSecretsOptions): Promise<string> {
  return await withCluster(options, async ({ transport, namespace }) => {
    const isDryRun = options.dryRun === true;
    const role = await getObject<Role>(transport, kinds.role, { namespace, name: grantName });
    if (role === undefined) return `nothing is granted in namespace ${namespace}\n`;
    const left = without(grantedBy(role), options.name, namespace);
    if (left.length === 0) await remove(transport, namespace, isDryRun);
    else {
      const fieldManager = `${fieldManagers.controller}-cli`;
      await applyObject(transport, kinds.role, buildRole(namespace, left), { fieldManager, isDryRun });
    }
    const may = isDryRun ? "could then read" : "may read";
    return `the controller ${may} ${describeSecrets(left, namespace)}${isDryRun ? " (dry run)" : ""}\n`;
  });
}

function without(
  before: Granted,
  names: readonly string[] | undefined,
  namespace: string,
): readonly string[] {
  if (names === undefined) return [];
  if (before === "all") {
    throw new CliError(
      `all Secrets of namespace ${namespace} are granted, not single ones: leave out --name to take that back, then grant those that it shall read`,
    );
  }
  const strange = names.filter((name) => !before.includes(name));
  if (strange.length > 0)
    throw new CliError(`not granted: ${strange.join(", ")}; granted are ${before.join(", ")}`);
  return before.filter((name) => !names.includes(name));
}

/** The binding first: a role that nobody is bound to gives nothing. */
async function remove(transport: Transport, namespace: string, isDryRun: boolean): Promise<void> {
  if (isDryRun) return;
  const id = { namespace, name: grantName };
  await deleteObject(transport, kinds.roleBinding, id);
  await deleteObject(transport, kinds.role, id);
}
