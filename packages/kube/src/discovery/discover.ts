/** What the API server serves: its version, and the resources of one version of a group. */
import { groupVersionPath, type KubeResource } from "../kube-resource.ts";
import { isNotFound } from "../transport/api-error.ts";
import type { Transport } from "../transport/transport.ts";

export interface ServedResource {
  /** As in paths; subresources are "pods/status". */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

interface ResourceList {
  readonly resources?: readonly Partial<ServedResource>[];
}

/** Empty where the group or the version is not served. */
export async function discoverResources(
  transport: Transport,
  groupVersion: Pick<KubeResource, "group" | "version">,
  signal?: AbortSignal,
): Promise<readonly ServedResource[]> {
  try {
    const path = groupVersionPath(groupVersion);
    const list = await transport.request<ResourceList>({ path, ...(signal === undefined ? {} : { signal }) });
    return (list.resources ?? []).map(({ name = "", kind = "", namespaced = false, verbs = [] }) => {
      return { name, kind, namespaced, verbs };
    });
  } catch (thrown) {
    if (isNotFound(thrown)) return [];
    throw thrown;
  }
}

export async function isServed(
  transport: Transport,
  resource: Pick<KubeResource, "group" | "version" | "plural">,
  signal?: AbortSignal,
): Promise<boolean> {
  const served = await discoverResources(transport, resource, signal);
  return served.some(({ name }) => name === resource.plural);
}

export interface ServerVersion {
  readonly major: string;
  readonly minor: string;
  /** "v1.36.3". */
  readonly gitVersion: string;
}

export async function serverVersion(transport: Transport): Promise<ServerVersion> {
  return await transport.request<ServerVersion>({ path: "/version" });
}
