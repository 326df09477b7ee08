/** A Policy message as the resource "<Kind>/<namespace>/<name>". */
import { typeUrls } from "@waystone/api/names";
import { Policy, type PolicyResource } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";

export function encodePolicy(message: PolicyResource): EncodedResource {
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, Policy.encode(message).finish());
}
