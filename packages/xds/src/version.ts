/**
 * Makes resources: bytes with a name and a version. The version is a hash of the bytes, so that two controllers (or one,
 * before and after a restart) give the same content the same version and nothing is sent twice.
 */
import { contentHash } from "@waystone/base/content-hash";
import type { TypeUrl } from "@waystone/api/names";
import type { EncodedResource } from "./resource.ts";

/** The body must not change afterwards. */
export function encodeResource(typeUrl: TypeUrl, name: string, body: Uint8Array): EncodedResource {
  return { typeUrl, name, version: contentHash(body), body };
}
