/**
 * AuthenticationPolicy -> Policy resource, what it is about, and what is said of it. What the engine would refuse is not left out: the
 * resource then carries the reasons, and its targets let nobody in.
 */
import type { AuthenticationPolicy } from "@waystone/api/kubernetes/waystone";
import { PolicyMode, type PolicyResource } from "@waystone/api/resources";
import { compileAuthentication } from "@waystone/engine/authentication/policy-from-resource";
import { Problems } from "@waystone/engine/route/problems";
import type { EncodedResource } from "@waystone/xds/resource";
import type { Finding } from "../model/finding.ts";
import { isHttp } from "../model/service-port.ts";
import type { SourcedObject } from "../model/sources.ts";
import type { PolicyTranslation } from "./authorization-policy-to-resource.ts";
import { translateAuthentication } from "./policy/authentication-settings.ts";
import { encodePolicy } from "./policy/encode-policy.ts";
import { type LostReference, ownPolicyStatus } from "./policy/own-policy-status.ts";
import { type MergedContext, mergedAt } from "./policy/merged-at.ts";
import { overriddenCondition } from "./policy/overridden.ts";
import { type ResolvedTarget, resolveTarget } from "./policy/targets.ts";
import { readCredentials } from "./policy/read-credentials.ts";
import { resourceHead } from "./resource-head.ts";

/** `secret`: what it checks API keys and passwords by, if it does; waypoints must run both. */
export function translateAuthenticationPolicy(
  context: MergedContext,
  source: SourcedObject<AuthenticationPolicy>,
  secret: EncodedResource | undefined,
): PolicyTranslation {
  const { key, object } = source;
  const { spec } = object;
  const namespace = object.metadata.namespace ?? "";
  const targets = spec.targetRefs.map((ref) => resolveTarget({ ...context, namespace }, ref));
  const problems = new Problems();
  const lost: LostReference[] = [];
  const { fetch, sources } = context;
  const settings = translateAuthentication({ fetch, sources, namespace, problems, lost }, spec);
  lost.push(...readCredentials(fetch, sources, namespace, spec).lost);
  const message: PolicyResource = {
    ...resourceHead(object),
    mode: spec.mode === "Shadow" ? PolicyMode.SHADOW : PolicyMode.ENFORCE,
    targets: targets.flatMap(({ resource }) => resource ?? []),
    authentication: { settings },
  };
  if (problems.reasons.length === 0) compileAuthentication(message, problems);
  const { reasons } = problems;
  const resource = encodePolicy(
    reasons.length === 0 ? message : { ...message, unusable: [...reasons], authentication: {} },
  );
  const services = [...new Set(targets.flatMap((target) => target.services.map((each) => each.service.key)))];
  const generation = object.metadata.generation ?? 0;
  return {
    key: `AuthenticationPolicy/${key}`,
    resource,
    needs: { policy: `AuthenticationPolicy/${key}`, services: services.toSorted() },
    status: ownPolicyStatus(context, {
      source,
      resource,
      secret,
      targets,
      reasons,
      consequence: "its targets let nobody in",
      lostReferences: lost,
      ofTarget: (target) => [overriddenCondition(context, source, target, generation) ?? []].flat(),
      findings: connectionFindings(context, key, targets),
    }),
  };
}

/** A connection has nothing to show: it is let in where nothing is required, and nowhere else. */
function connectionFindings(
  context: MergedContext,
  key: string,
  targets: readonly ResolvedTarget[],
): Finding[] {
  return targets.flatMap(({ resource, services }, index): Finding[] => {
    if (resource === undefined) return [];
    const ports = services.flatMap(({ service, ports: each }) =>
      each
        .filter((port) => !isHttp(port))
        .filter((port) => {
          const merged = mergedAt(context, service, port, resource);
          return (
            merged?.requirement === "Required" && merged.policies.includes(`AuthenticationPolicy/${key}`)
          );
        })
        .map(({ port }) => `${service.key}:${port}`),
    );
    if (ports.length === 0) return [];
    const more = ports.length > 3 ? ` and ${ports.length - 3} more` : "";
    const message = `connections of ${ports.slice(0, 3).join(", ")}${more} have nothing to show that says who asks, so that none is let in there; name the ports that speak HTTP (sectionName)`;
    return [{ severity: "warning", field: `spec.targetRefs[${index}]`, message }];
  });
}
