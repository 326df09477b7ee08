/**
 * An ExternalAuth filter of a route (GEP-1494) as what it comes to: a CUSTOM about the requests that its rule matched, or that go to
 * its backend. So it is asked after every CUSTOM of a policy and before what DENY and ALLOW say, on the headers as authorizers changed
 * them, and whoever asks again about streams or explains a request knows it too.
 */
import type { AuthorizerResource } from "@waystone/api/resources";
import { corsRequestOf, isPreflight } from "../route/cors.ts";
import type { Problems } from "../route/problems.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import { authorizerFromResource } from "./authorizer.ts";
import { AttributeCondition, type Condition } from "./condition.ts";
import type { AuthorizationPolicy } from "./policy.ts";

export interface FilterPlace {
  /** The route's, "HTTPRoute/<namespace>/<name>". */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  /** The name of the rule, or its position from 0. */
  readonly label: string;
  /** In the resource: "rules[0].filters[1]". */
  readonly field: string;
}

/** `answersPreflights`: a CORS filter beside it does, and a preflight shows no credentials (GEP-1767). */
export function externalAuthFromResource(
  resource: AuthorizerResource,
  place: FilterPlace,
  answersPreflights: boolean,
  problems: Problems,
): AuthorizationPolicy {
  const { key, namespace, name, generation, label, field } = place;
  return {
    key,
    namespace,
    name,
    generation,
    // After every policy's.
    createdAtSeconds: Number.MAX_SAFE_INTEGER,
    mode: "Enforce",
    action: "CUSTOM",
    minimumAssurance: "None",
    targets: [],
    rules: [{ label, index: 0, from: undefined, to: answersPreflights ? [[noPreflight]] : undefined }],
    provider: authorizerFromResource(resource, key, problems, field),
    unusable: [],
    filterField: `spec.${field}`,
  };
}

const noPreflight: Condition = new AttributeCondition(
  { attribute: "preflight", key: "", negated: true, values: ["yes"] },
  {
    needsRequest: true,
    test: isPreflightRequest,
    actual: (request) => (isPreflightRequest(request) ? "yes" : "no"),
  },
);

function isPreflightRequest(request: AuthorizationRequest): boolean {
  return isPreflight(corsRequestOf(request));
}
