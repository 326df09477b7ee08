/**
 * What other objects name, and who names it: ConfigMaps with CA certificates (BackendTLSPolicy) or key sets (AuthenticationPolicy), Secrets with client certificates (a
 * waypoint's Gateway). Only what is named is read, and what names it is shown once that is known.
 */
import type { ConfigMap, Secret } from "@waystone/api/kubernetes/core";
import type { BackendTLSPolicy, Gateway, GatewayClass } from "@waystone/api/kubernetes/gateway";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { AuthenticationPolicy } from "@waystone/api/kubernetes/waystone";
import type { Collection } from "@waystone/collection/collection";
import type { RefusedName, SourcedObject } from "../model/sources.ts";
import { isWaypoint } from "../model/waypoint-gateway.ts";
import { clientCertificateSecret } from "../translate/client-certificate-to-resource.ts";
import { configMapsOfAuthentication } from "../translate/policy/authentication-settings.ts";
import { configMapsOf } from "../translate/policy/ca-certificates.ts";
import { secretsOfAuthentication } from "../translate/policy/read-credentials.ts";
import type { ClusterFollower, Strip } from "./cluster-follower.ts";
import type { ClusterSourcesOptions } from "./cluster-sources.ts";
import { definedKinds, namedKinds } from "./followed-kinds.ts";
import { HeldOwners, type Need } from "./held-owners.ts";
import { type NamedWatch, NamedWatches } from "./named-watches.ts";
import { stripConfigMap, stripSecret } from "./strip/strip-core.ts";
import { stripGateway, stripGatewayClass } from "./strip/strip-gateway-api.ts";
import { stripAuthenticationPolicy, stripBackendTlsPolicy } from "./strip/strip-policies.ts";

type Objects<T> = Collection<SourcedObject<T>>;

export interface FollowedNamed {
  readonly configMaps: Objects<ConfigMap>;
  readonly secrets: Objects<Secret>;
  readonly refusedSecrets: Collection<RefusedName>;
  readonly refusedConfigMaps: Collection<RefusedName>;
  readonly gatewayClasses: Objects<GatewayClass>;
  readonly gateways: Objects<Gateway>;
  readonly backendTlsPolicies: Objects<BackendTLSPolicy>;
  readonly authenticationPolicies: Objects<AuthenticationPolicy>;
  /** Resolves when nothing is held back any more. */
  whenSettled(): Promise<void>;
  close(): Promise<void>;
}

/** Whoever grants wants to see it: sooner than of other refusals. */
const grantLookMs = 10_000;

export function followNamed(options: ClusterSourcesOptions, follower: ClusterFollower): FollowedNamed {
  const { graph, clock } = options;
  const watch = <T extends KubernetesObject>(
    kind: (typeof namedKinds)[keyof typeof namedKinds],
    strip: Strip<T>,
  ) =>
    new NamedWatches<T>({
      graph,
      clock,
      name: `cluster ${kind.plural}`,
      open: ({ namespace, name, into, onForbidden }: NamedWatch<T>) =>
        follower.followOne(kind, { namespace, name }, into, strip, {
          onForbidden,
          refusedMaxMs: grantLookMs,
        }),
    });
  const configMaps = watch(namedKinds.configMaps, stripConfigMap);
  const secrets = watch(namedKinds.secrets, stripSecret);
  const watches = [configMaps, secrets];
  const hold = <T>(
    name: string,
    followed: Objects<T>,
    needsOf: (item: SourcedObject<T>) => readonly Need[],
  ) =>
    new HeldOwners<SourcedObject<T>>({
      graph,
      clock,
      name,
      followed,
      key: ({ key }) => key,
      needsOf,
      watches,
    });

  const gatewayClasses = follower.followDefined(definedKinds.gatewayClasses, stripGatewayClass);
  const gateways = hold(
    "gateways",
    follower.followDefined(definedKinds.gateways, stripGateway),
    ({ object }) => {
      const gatewayClass = gatewayClasses.get(object.spec.gatewayClassName)?.object;
      const key = isWaypoint(object, gatewayClass) ? clientCertificateSecret(object) : undefined;
      return key === undefined ? [] : [{ of: secrets, key }];
    },
  );
  const tlsPolicies = hold(
    "backendtlspolicies",
    follower.followDefined(definedKinds.backendTlsPolicies, stripBackendTlsPolicy),
    ({ object: { metadata, spec } }) =>
      configMapsOf(metadata.namespace ?? "", spec.validation.caCertificateRefs ?? []).map((key) => ({
        of: configMaps,
        key,
      })),
  );
  const authentication = hold(
    "authenticationpolicies",
    follower.followDefined(definedKinds.authenticationPolicies, stripAuthenticationPolicy),
    ({ object: { metadata, spec } }) => [
      ...configMapsOfAuthentication(metadata.namespace ?? "", spec).map((key) => ({ of: configMaps, key })),
      ...secretsOfAuthentication(metadata.namespace ?? "", spec).map((key) => ({ of: secrets, key })),
    ],
  );
  const owners = [gateways, tlsPolicies, authentication];
  return {
    configMaps: configMaps.objects,
    secrets: secrets.objects,
    refusedSecrets: secrets.refused,
    refusedConfigMaps: configMaps.refused,
    gatewayClasses,
    gateways: gateways.shown,
    backendTlsPolicies: tlsPolicies.shown,
    authenticationPolicies: authentication.shown,
    whenSettled: async () => void (await Promise.all(owners.map(async (each) => await each.whenSettled()))),
    async close() {
      for (const each of owners) each.close();
      await Promise.all(watches.map(async (each) => await each.close()));
    },
  };
}
