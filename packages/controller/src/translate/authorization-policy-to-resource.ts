/**
 * AuthorizationPolicy -> Policy resource, what it is about, and what is said of it. What the engine would refuse is not left out: the
 * resource then carries the reasons, and its targets deny.
 */
import type { AuthorizationPolicy } from "@waystone/api/kubernetes/waystone";
import { Assurance, AuthorizationAction, PolicyMode, type PolicyResource } from "@waystone/api/resources";
import { compilePolicy } from "@waystone/engine/authorization/policy-from-resource";
import { Problems } from "@waystone/engine/route/problems";
import type { SourcedObject } from "../model/sources.ts";
import type { Translation } from "./object-status.ts";
import {
  type AuthorizerContext,
  translateAuthorizer,
  type TranslatedAuthorizer,
} from "./policy/authorizer.ts";
import { translateAuthorizationRule } from "./policy/authorization-rules.ts";
import { encodePolicy } from "./policy/encode-policy.ts";
import { ownPolicyStatus } from "./policy/own-policy-status.ts";
import type { PolicyNeeds } from "./policy/policy-needs.ts";
import { ruleFindings } from "./policy/rule-findings.ts";
import { type ResolvedTarget, resolveTarget, type TargetContext } from "./policy/targets.ts";
import { resourceHead } from "./resource-head.ts";

export interface PolicyTranslation extends Translation {
  readonly needs: PolicyNeeds;
}

export function translateAuthorizationPolicy(
  context: Omit<TargetContext & AuthorizerContext, "namespace">,
  source: SourcedObject<AuthorizationPolicy>,
): PolicyTranslation {
  const { key, object } = source;
  const name = `AuthorizationPolicy/${key}`;
  const namespace = object.metadata.namespace ?? "";
  const targets = object.spec.targetRefs.map((ref) => resolveTarget({ ...context, namespace }, ref));
  const { provider } = object.spec;
  const authorizer =
    provider === undefined ? undefined : translateAuthorizer({ ...context, namespace }, key, provider);
  const message = policyMessage(object, namespace, targets, authorizer);
  const problems = new Problems();
  const compiled = compilePolicy(message, problems);
  const usable: PolicyResource =
    problems.reasons.length === 0
      ? message
      : { ...message, unusable: [...problems.reasons], authorization: bare(message) };
  const services = targets.flatMap((target) => target.services);
  const resource = encodePolicy(usable);
  return {
    key: name,
    resource,
    needs: {
      policy: name,
      services: [...new Set(services.map(({ service }) => service.key))].toSorted(),
      ...(authorizer?.service !== undefined && { authorizers: [authorizer.service] }),
    },
    status: ownPolicyStatus(context, {
      source,
      resource,
      targets,
      reasons: problems.reasons,
      consequence: "its targets deny everything",
      lostReferences:
        authorizer?.fault === undefined
          ? []
          : [
              {
                ...authorizer.fault,
                consequence: "what would be put to it is refused",
              },
            ],
      findings: problems.reasons.length === 0 ? ruleFindings(compiled, services) : [],
    }),
  };
}

const modes = { Enforce: PolicyMode.ENFORCE, Shadow: PolicyMode.SHADOW } as const;
const levels = {
  None: Assurance.ASSURANCE_NONE,
  Network: Assurance.ASSURANCE_NETWORK,
  Token: Assurance.ASSURANCE_TOKEN,
  TLS: Assurance.ASSURANCE_TLS,
} as const;

function policyMessage(
  object: AuthorizationPolicy,
  namespace: string,
  targets: readonly ResolvedTarget[],
  authorizer: TranslatedAuthorizer | undefined,
): PolicyResource {
  const { spec } = object;
  return {
    ...resourceHead(object),
    mode: modes[spec.mode ?? "Enforce"],
    targets: targets.flatMap(({ resource }) => resource ?? []),
    authorization: {
      action: AuthorizationAction[spec.action ?? "ALLOW"],
      minimumAssurance: levels[spec.minimumAssurance ?? "None"],
      rules: (spec.rules ?? []).map((rule) => translateAuthorizationRule(rule, namespace)),
      ...(authorizer !== undefined && { provider: authorizer.resource }),
    },
  };
}

/** What a waypoint would refuse stays away from it; that the policy cannot be carried out is enough. */
function bare({ authorization }: PolicyResource): NonNullable<PolicyResource["authorization"]> {
  return { action: authorization?.action ?? AuthorizationAction.DENY, rules: [] };
}
