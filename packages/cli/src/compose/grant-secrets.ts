/** `waystone grant secrets`: the Role and RoleBinding of a namespace, made or widened, and what they mean in a sentence. */
import { controllerObject, fieldManagers } from "@waystone/api/names";
import type { KubeObject } from "@waystone/kube/kube-object";
import { applyObject, getObject } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { withCluster } from "../cluster/connect-cluster.ts";
import { kinds } from "../cluster/kinds.ts";
import {
  buildBinding,
  buildRole,
  describeSecrets,
  grantedBy,
  grantName,
  type Role,
  widen,
} from "../cluster/secret-grant.ts";
import type { GrantSecretsOptions } from "../commands/grant.ts";
import { renderYaml } from "../output/render-yaml.ts";

export async function grantSecrets(options: GrantSecretsOptions): Promise<string> {
  return await withCluster(options, async ({ transport, namespace }) => {
    const before = await getObject<Role>(transport, kinds.role, { namespace, name: grantName });
    const asked = options.name ?? "all";
    const granted = before === undefined ? asked : widen(grantedBy(before), asked);
    const objects = [
      { kind: kinds.role, object: buildRole(namespace, granted) },
      { kind: kinds.roleBinding, object: buildBinding(namespace, options.systemNamespace) },
    ];
    const lines: string[] = [];
    for (const { kind, object } of objects)
      lines.push(await apply(transport, kind, object, options.dryRun === true));
    const documents = objects.map(({ object }) => object);
    if (options.output === "json")
      return `${JSON.stringify({ apiVersion: "v1", kind: "List", items: documents }, null, 2)}\n`;
    if (options.output === "yaml") return documents.map(renderYaml).join("---\n");
    const account = `${options.systemNamespace}/${controllerObject}`;
    const may = options.dryRun === true ? "could then read" : "may read";
    return `${lines.join("")}the controller (service account ${account}) ${may} ${describeSecrets(granted, namespace)}\n`;
  });
}

/** As kubectl says it. */
async function apply(
  transport: Transport,
  kind: typeof kinds.role | typeof kinds.roleBinding,
  object: KubeObject,
  isDryRun: boolean,
): Promise<string> {
  const before = await getObject(transport, kind, object.metadata);
  const fieldManager = `${fieldManagers.controller}-cli`;
  const after = await applyObject(transport, kind, object, { fieldManager, isDryRun });
  const isSame = before?.metadata.resourceVersion === after.metadata.resourceVersion;
  const done = before === undefined ? "created" : isSame ? "unchanged" : "configured";
  return `${kind.kind.toLowerCase()}.${kind.group}/${object.metadata.name} ${done}${isDryRun ? " (dry run)" : ""}\n`;
}
