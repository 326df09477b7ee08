/**
 * What an AuthenticationPolicy checks API keys and passwords by -> Secret resource, of the policy's name and for the waypoints that have
 * the policy, and no other (push/catalog.ts).
 */
import type { AuthenticationPolicy } from "@waystone/api/kubernetes/waystone";
import { typeUrls } from "@waystone/api/names";
import { Secret } from "@waystone/api/resources";
import type { FetchContext } from "@waystone/collection/collection";
import type { EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import type { SourcedObject, Sources } from "../model/sources.ts";
import { readCredentials } from "./policy/read-credentials.ts";

/** What the resource of a policy is known by. */
export function credentialsOf({ key }: Pick<SourcedObject<AuthenticationPolicy>, "key">): ResourceName {
  return { typeUrl: typeUrls.secret, name: `AuthenticationPolicy/${key}` };
}

type ResourceName = Pick<EncodedResource, "typeUrl" | "name">;

export function credentialsToResource(
  fetch: FetchContext,
  sources: Pick<Sources, "secrets" | "cluster">,
  policy: SourcedObject<AuthenticationPolicy>,
): EncodedResource | undefined {
  const { object } = policy;
  const { credentials } = readCredentials(fetch, sources, object.metadata.namespace ?? "", object.spec);
  if (credentials === undefined) return undefined;
  const body = Secret.encode({ credentials }).finish();
  const { typeUrl, name } = credentialsOf(policy);
  return encodeResource(typeUrl, name, body);
}
