/** What a cluster runs, for `waystone version`; that there is none is no failure: the version here was told. */
import { errorMessage } from "@waystone/base/error-message";
import { controllerObject } from "@waystone/api/names";
import type { KubeObject } from "@waystone/kube/kube-object";
import { getObject } from "@waystone/kube/objects/objects";
import { withCluster } from "../cluster/connect-cluster.ts";
import { kinds } from "../cluster/kinds.ts";
import type { VersionOptions } from "../commands/version.ts";

interface Deployment extends KubeObject {
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
}

export async function describeServerVersion(options: VersionOptions): Promise<string> {
  try {
    return await withCluster(options, async ({ transport }) => {
      const id = { namespace: options.systemNamespace, name: controllerObject };
      const deployment = await getObject<Deployment>(transport, kinds.deployment, id);
      const image = deployment?.spec?.template?.spec?.containers?.[0]?.image;
      return image === undefined
        ? `cluster: no controller in namespace ${options.systemNamespace}`
        : `cluster: ${image}`;
    });
  } catch (thrown) {
    return `cluster: ${errorMessage(thrown)}`;
  }
}
