/**
 * The objects of a cluster that concern a question, read once, by the rights of who asks: of few namespaces where the question
 * names them. What may not be read is told and left out; a kind that is not installed has no objects.
 */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { experimentalGatewayGroup, gatewayGroup, waystoneGroup } from "@waystone/api/names";
import type { KubeObject } from "@waystone/kube/kube-object";
import { apiVersionOf, type KubeResource } from "@waystone/kube/kube-resource";
import { getObject, listObjects } from "@waystone/kube/objects/objects";
import { isApiError, isNotFound } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { kinds } from "../cluster/kinds.ts";

const gatewayKind = (plural: string, kind: string, version = "v1"): KubeResource => ({
  group: gatewayGroup,
  version,
  plural,
  kind,
  namespaced: true,
});

/** By the name of their collection (controller/model/sources.ts). */
export const readKinds = {
  services: kinds.service,
  endpointSlices: kinds.endpointSlice,
  gateways: kinds.gateway,
  httpRoutes: kinds.httpRoute,
  grpcRoutes: kinds.grpcRoute,
  tlsRoutes: kinds.tlsRoute,
  tcpRoutes: kinds.tcpRoute,
  referenceGrants: gatewayKind("referencegrants", "ReferenceGrant", "v1beta1"),
  backendTlsPolicies: gatewayKind("backendtlspolicies", "BackendTLSPolicy"),
  backendTrafficPolicies: {
    group: experimentalGatewayGroup,
    version: "v1alpha1",
    plural: "xbackendtrafficpolicies",
    kind: "XBackendTrafficPolicy",
    namespaced: true,
  },
  authenticationPolicies: {
    group: waystoneGroup,
    version: "v1alpha1",
    plural: "authenticationpolicies",
    kind: "AuthenticationPolicy",
    namespaced: true,
  },
  authorizationPolicies: {
    group: waystoneGroup,
    version: "v1alpha1",
    plural: "authorizationpolicies",
    kind: "AuthorizationPolicy",
    namespaced: true,
  },
} as const satisfies Record<string, KubeResource>;

export type ReadKind = keyof typeof readKinds | "pods" | "namespaces" | "configMaps";

export class ClusterReader {
  readonly objects = new Map<ReadKind, KubernetesObject[]>();
  /** "<namespace>/<name>" of those that may not be read. */
  readonly unreadConfigMaps = new Set<string>();
  readonly #gaps = new Set<string>();
  readonly #transport: Transport;
  readonly #read = new Set<string>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One line each. */
  get gaps(): readonly string[] {
    return [...this.#gaps];
  }

  /** Who clients are: "" for those of the whole cluster. */
  async readPods(namespace: string): Promise<void> {
    await this.#list("pods", kinds.pod, namespace);
  }

  /** Everything else of a namespace, and the Namespace itself; "" for the whole cluster. Once. */
  async readNamespace(namespace: string): Promise<void> {
    if (this.#read.has(namespace)) return;
    this.#read.add(namespace);
    const listed = Object.entries(readKinds) as [keyof typeof readKinds, KubeResource][];
    await Promise.all([
      ...listed.map(([name, resource]) => this.#list(name, resource, namespace)),
      namespace === ""
        ? this.#list("namespaces", kinds.namespace, "")
        : this.#get("namespaces", kinds.namespace, { name: namespace }),
    ]);
  }

  /** Of all namespaces: only who looks at the cluster as a whole may ask for it. */
  async readPodsAt(address: string): Promise<void> {
    const fieldSelector = `status.podIP=${address}`;
    await this.#list("pods", kinds.pod, "", fieldSelector);
  }

  async readConfigMap(namespace: string, name: string): Promise<void> {
    const isRead = await this.#get("configMaps", kinds.configMap, { namespace, name });
    if (!isRead) this.unreadConfigMaps.add(`${namespace}/${name}`);
  }

  async #list(
    name: ReadKind,
    resource: KubeResource,
    namespace: string,
    fieldSelector?: string,
  ): Promise<void> {
    const where = namespace === "" ? "in all namespaces" : `in namespace ${namespace}`;
    const scope = namespace === "" ? {} : { namespace };
    const selector = fieldSelector === undefined ? {} : { fieldSelector };
    await this.#unlessForbidden(`${resource.plural} ${where}`, async () => {
      this.#add(name, resource, await listObjects(this.#transport, resource, { ...scope, ...selector }));
    });
  }

  async #get(
    name: ReadKind,
    resource: KubeResource,
    id: { readonly namespace?: string; readonly name: string },
  ): Promise<boolean> {
    return await this.#unlessForbidden(`${resource.kind} ${id.name}`, async () => {
      const object = await getObject(this.#transport, resource, id);
      if (object !== undefined) this.#add(name, resource, [object]);
    });
  }

  /** Items of lists do not say what they are. */
  #add(name: ReadKind, resource: KubeResource, objects: readonly KubeObject[]): void {
    const { kind = "" } = resource;
    const complete = objects.map((object) => ({ ...object, apiVersion: apiVersionOf(resource), kind }));
    this.objects.set(name, [...(this.objects.get(name) ?? []), ...complete]);
  }

  /** False: it may not be read. */
  async #unlessForbidden(what: string, read: () => Promise<void>): Promise<boolean> {
    try {
      await read();
    } catch (thrown) {
      if (isNotFound(thrown)) return true;
      if (!isApiError(thrown) || thrown.status !== 403) throw thrown;
      this.#gaps.add(`you may not read ${what}: what they say is not in this answer`);
      return false;
    }
    return true;
  }
}
