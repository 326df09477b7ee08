/**
 * What stands for the objects that may be about a Service and cannot be read: one Policy resource of that Service, which cannot be carried
 * out, so that nothing goes there, by whatever route (model/unread-object.ts).
 */
import { unreadKind } from "@waystone/api/names";
import { AuthorizationAction, PolicyMode } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { describeProblem } from "../model/sources.ts";
import type { UnreadAtService } from "../model/unread-object.ts";
import { encodePolicy } from "./policy/encode-policy.ts";
import type { PolicyNeeds } from "./policy/policy-needs.ts";

export interface UnreadTranslation {
  readonly resource: EncodedResource;
  readonly needs: PolicyNeeds;
}

export function unreadToPolicy({ key, namespace, name, objects }: UnreadAtService): UnreadTranslation {
  const resource = encodePolicy({
    kind: unreadKind,
    namespace,
    name,
    mode: PolicyMode.ENFORCE,
    targets: [{ kind: "Service", name: key, section: "" }],
    authorization: { action: AuthorizationAction.DENY, rules: [] },
    unusable: objects.map(({ problem }) => describeProblem(problem)),
  });
  return { resource, needs: { policy: resource.name, services: [key] } };
}
