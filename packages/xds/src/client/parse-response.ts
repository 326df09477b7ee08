/** Decodes a response into a delta. What is wrong with one resource refuses that one; what can't be named, the whole push. */
import { errorMessage } from "@waystone/base/error-message";
import { compactReader } from "@waystone/api/compact-reader";
import { type DeltaResponse, Resource } from "@waystone/api/discovery";
import { isTypeUrl } from "@waystone/api/names";
import type { EncodedResource, Rejected } from "../resource.ts";

export type ParsedResponse =
  | {
      readonly upserts: readonly EncodedResource[];
      readonly removals: readonly string[];
      readonly refused: readonly Rejected[];
    }
  | { readonly undecodable: string };

export function parseResponse(response: DeltaResponse): ParsedResponse {
  const upserts = new Map<string, EncodedResource>();
  const refused: Rejected[] = [];
  for (const bytes of response.resources ?? []) {
    let resource: EncodedResource | Rejected;
    try {
      resource = parseResource(bytes, response.typeUrl ?? "");
    } catch (error) {
      return { undecodable: errorMessage(error) };
    }
    if ("reason" in resource) refused.push(resource);
    else upserts.set(resource.name, resource);
  }
  const removals = (response.removedResources ?? []).filter((name) => !upserts.has(name));
  return { upserts: [...upserts.values()], removals, refused };
}

function parseResource(bytes: Uint8Array, typeUrl: string): EncodedResource | Rejected {
  if (!isTypeUrl(typeUrl)) throw new Error(`${typeUrl || "(nothing)"} is no type of ours`);
  const { name, version, resource } = Resource.decode(compactReader(bytes));
  if (name === "") throw new Error("a resource has no name");
  if (!resource) return { name, reason: "the resource has no content" };
  if (resource.typeUrl !== typeUrl) {
    return {
      name,
      reason: `the resource is a ${resource.typeUrl || "(nothing)"} in a response of ${typeUrl}`,
    };
  }
  // A copy of its own: a view would keep the whole response in memory for as long as one of its resources is held.
  const body = new Uint8Array(resource.value ?? []);
  return { typeUrl, name, version, body };
}
