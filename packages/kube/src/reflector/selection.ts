/** Which objects a reflector follows, as paths and queries. */
import { describeResource, type KubeResource, resourcePath } from "../kube-resource.ts";
import type { Query } from "../transport/transport.ts";

export interface Selection {
  readonly resource: KubeResource;
  /** All namespaces unless given. */
  readonly namespace?: string | undefined;
  /** As kubectl takes it: "app=web,tier!=cache". */
  readonly labelSelector?: string | undefined;
  /** "metadata.name=web". */
  readonly fieldSelector?: string | undefined;
}

export function selectionPath({ resource, namespace }: Selection): string {
  return resourcePath(resource, { namespace });
}

export function selectionQuery({ labelSelector, fieldSelector }: Selection): Query {
  return { labelSelector, fieldSelector };
}

export function describeSelection({ resource, namespace }: Selection): string {
  return namespace === undefined
    ? describeResource(resource)
    : `${describeResource(resource)} in ${namespace}`;
}
