/**
 * A Secret that an object names by a field, in its own namespace: there, not there, or not to be read. In a cluster the last means
 * that nobody has granted it, and the words say how to. Nothing that is said quotes what is in a Secret.
 */
import type { Secret } from "@waystone/api/kubernetes/core";
import { defaultSystemNamespace } from "@waystone/api/names";
import type { FetchContext } from "@waystone/collection/collection";
import type { Sources } from "../model/sources.ts";
import { describeCrowdedOut } from "./describe-unread.ts";

export type FoundSecret =
  | { readonly is: "there"; readonly secret: Secret }
  | { readonly is: "absent"; readonly message: string }
  | { readonly is: "refused"; readonly message: string };

export function findSecret(
  fetch: FetchContext,
  { secrets, cluster }: Pick<Sources, "secrets" | "cluster">,
  namespace: string,
  name: string,
): FoundSecret {
  const key = `${namespace}/${name}`;
  const secret = fetch.get(secrets, key)?.object;
  if (secret !== undefined) return { is: "there", secret };
  const refused = cluster && fetch.get(cluster.refusedSecrets, key);
  if (cluster === undefined || refused === undefined)
    return { is: "absent", message: `Secret ${key} does not exist` };
  if (refused.why !== "forbidden")
    return { is: "absent", message: describeCrowdedOut("Secret", key, refused.why) };
  const command = grantCommand(namespace, name, cluster.ownNamespace);
  return {
    is: "refused",
    message: `the controller may not read Secret ${key} until someone who may grant it runs: ${command}`,
  };
}

function grantCommand(namespace: string, name: string, ownNamespace: string): string {
  const elsewhere = ownNamespace === defaultSystemNamespace ? "" : ` --system-namespace ${ownNamespace}`;
  return `waystone grant secrets -n ${namespace} --name ${name}${elsewhere}`;
}

/** "" where there is none. */
export function readEntry({ data, stringData }: Secret, entry: string): string {
  return stringData?.[entry] ?? Buffer.from(data?.[entry] ?? "", "base64").toString();
}
