/**
 * What makes the API server itself call a Service: webhooks and aggregated APIs. Of each only whom it calls is kept; those
 * that call nobody in the cluster are not kept at all.
 */
import type { KubeObject } from "@waystone/kube/kube-object";
import type { ApiServerBackend } from "../../model/sources.ts";

export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
}

interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly { readonly clientConfig: { readonly service?: ServiceReference } }[];
}

interface ApiService extends KubeObject {
  readonly spec: { readonly service?: ServiceReference | null };
}

export function stripWebhooks(kind: string): (object: KubeObject) => ApiServerBackend | undefined {
  return (object) => {
    const { metadata, webhooks = [] } = object as WebhookConfiguration;
    const services = webhooks.map(({ clientConfig }) => clientConfig.service);
    return apiServerBackend(kind, metadata.name, services);
  };
}

export function stripApiService(object: KubeObject): ApiServerBackend | undefined {
  const { metadata, spec } = object as ApiService;
  return apiServerBackend("APIService", metadata.name, [spec.service ?? undefined]);
}

export function apiServerBackend(
  kind: string,
  name: string,
  references: readonly (ServiceReference | undefined)[],
): ApiServerBackend | undefined {
  const services = references.flatMap((service) =>
    service === undefined ? [] : [`${service.namespace}/${service.name}`],
  );
  return services.length === 0
    ? undefined
    : { key: `${kind}/${name}`, services: [...new Set(services)].sort() };
}
