/** Objects of a kind that a cluster may not have: the standard channel of the Gateway API has no TCPRoutes in some versions. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { KubeResource } from "@waystone/kube/kube-resource";
import { listObjects } from "@waystone/kube/objects/objects";
import { isNotFound } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";

/** None where the kind is not installed. */
export async function listWhereDefined<Listed extends KubernetesObject>(
  transport: Transport,
  kind: KubeResource,
  scope: { readonly namespace?: string },
): Promise<readonly Listed[]> {
  try {
    return await listObjects<Listed>(transport, kind, scope);
  } catch (thrown) {
    if (isNotFound(thrown)) return [];
    throw thrown;
  }
}
