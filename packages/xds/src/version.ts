/**
 * Makes resources: bytes with a name and a version. The version is a hash of the bytes, so that two controllers (or one,
 * before and after a restart) give the same content the same version and nothing is sent twice.
 */
import { hash } from "node:crypto";
import type { TypeUrl } from "@waystone/api/names";
import type { EncodedResource } from "./resource.ts";

/** 64 bits: at a million resources a chance of one in 10^7 that two contents of one name ever look alike. */
const versionDigits = 16;

/** The body must not change afterwards. */
export function encodeResource(typeUrl: TypeUrl, name: string, body: Uint8Array): EncodedResource {
  return { typeUrl, name, version: versionOf(body), body };
}

export function versionOf(body: Uint8Array): string {
  return hash("sha256", body, "hex").slice(0, versionDigits);
}
