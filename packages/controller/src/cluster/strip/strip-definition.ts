/** What is kept of a CustomResourceDefinition: which kind it defines, which versions, and whom the API server asks for them. */
import { pickFields } from "./pick-fields.ts";
import type { ServiceReference } from "./strip-service-callers.ts";
import type { KubeObject } from "@waystone/kube/kube-object";

export interface Definition {
  /** "httproutes.gateway.networking.k8s.io": the definition's name. */
  readonly key: string;
  readonly group: string;
  readonly kind: string;
  /** As they are served, in the definition's order. */
  readonly versions: readonly string[];
  /** Of the Gateway API: which of its releases the definition is from, and of which channel. */
  readonly bundle: { readonly version: string | undefined; readonly channel: string | undefined };
  /** Converts between versions. */
  readonly converter: ServiceReference | undefined;
}

interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions?: readonly { readonly name: string; readonly served?: boolean }[];
    readonly conversion?: {
      readonly webhook?: { readonly clientConfig?: { readonly service?: ServiceReference } };
    };
  };
}

const bundlePrefix = "gateway.networking.k8s.io/";

export function stripDefinition(object: KubeObject): Definition {
  const { metadata, spec } = object as CustomResourceDefinition;
  const converter = spec.conversion?.webhook?.clientConfig?.service;
  return {
    key: metadata.name,
    group: spec.group,
    kind: spec.names.kind,
    versions: (spec.versions ?? []).flatMap(({ name, served }) => (served === true ? [name] : [])),
    bundle: {
      version: metadata.annotations?.[`${bundlePrefix}bundle-version`],
      channel: metadata.annotations?.[`${bundlePrefix}channel`],
    },
    converter: converter === undefined ? undefined : pickFields(converter, ["namespace", "name"]),
  };
}
