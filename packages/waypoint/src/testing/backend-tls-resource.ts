/** A BackendTLSPolicy resource for tests: on shop/web unless it says otherwise. */
import { typeUrls } from "@waystone/api/names";
import { type BackendTlsResource, Policy, type PolicyResource } from "@waystone/api/resources";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import { testService } from "./open-test-plane.ts";

export function backendTlsResource(
  backendTls: BackendTlsResource,
  more: PolicyResource = {},
): EncodedResource {
  const message: PolicyResource = {
    kind: "BackendTLSPolicy",
    namespace: "shop",
    name: "tls",
    generation: 1,
    targets: [{ kind: "Service", name: testService }],
    backendTls,
    ...more,
  };
  const name = `BackendTLSPolicy/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, Policy.encode(message).finish());
}
