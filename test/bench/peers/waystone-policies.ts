/** The policies of a scenario as Waystone's objects. */
import { benchHeader, type BenchPolicies, type BenchRule, removedHeader, userHeader } from "../policies.ts";

/** Of the Service that the load asks. */
export interface PolicyTarget {
  readonly namespace: string;
  readonly service: string;
}

export function buildPolicyObjects(policies: BenchPolicies, target: PolicyTarget): readonly object[] {
  const { denies, allows, checksToken, authorizer } = policies;
  return [
    ...(denies.length > 0 ? [buildRules("DENY", denies, target)] : []),
    ...(allows.length > 0 ? [buildRules("ALLOW", allows, target)] : []),
    ...(checksToken ? [buildTokens(policies, target)] : []),
    ...(authorizer === undefined ? [] : [buildCustom(authorizer, target)]),
  ];
}

/** Of every route's rule. */
export function buildRouteFilters(policies: BenchPolicies | undefined): readonly object[] {
  if (policies?.changesHeaders !== true) return [];
  return [
    {
      type: "RequestHeaderModifier",
      requestHeaderModifier: { set: [benchHeader], remove: [removedHeader] },
    },
  ];
}

function buildRules(action: "ALLOW" | "DENY", rules: readonly BenchRule[], target: PolicyTarget): object {
  return policyObject("AuthorizationPolicy", action.toLowerCase(), target, {
    action,
    rules: rules.map(({ name, path, methods, team }) => ({
      name,
      ...(team === undefined ? {} : { from: [{ source: { claims: [{ name: "team", values: [team] }] } }] }),
      to: [{ operation: { methods, paths: [`${path}*`] } }],
    })),
  });
}

function buildTokens({ issuer, audience, keys }: BenchPolicies, target: PolicyTarget): object {
  const provider = {
    name: "bench",
    issuer,
    audiences: [audience],
    jwks: { inline: keys },
    claimsToHeaders: [{ claim: "sub", header: userHeader }],
  };
  return policyObject("AuthenticationPolicy", "tokens", target, { jwt: { providers: [provider] } });
}

/** The name and port of the authorizer's Service (waystone-files.ts). */
export const authorizerService = { name: "authorizer", port: 9191 } as const;

function buildCustom(protocol: "grpc" | "http", target: PolicyTarget): object {
  return policyObject("AuthorizationPolicy", "custom", target, {
    action: "CUSTOM",
    provider: { [protocol]: { backendRef: authorizerService } },
  });
}

function policyObject(
  kind: string,
  name: string,
  { namespace, service }: PolicyTarget,
  spec: object,
): object {
  return {
    apiVersion: "waystone.dev/v1alpha1",
    kind,
    metadata: { name, namespace },
    spec: { targetRefs: [{ group: "", kind: "Service", name: service }], ...spec },
  };
}
