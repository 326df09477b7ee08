/**
 * The version of content: the same bytes have the same version, whoever computes it (replicas, before and after a
 * restart). 64 bits of SHA-256: no two versions of one resource will ever collide by chance. No proof against forgery.
 */
import { hash } from "node:crypto";

/** The first 16 hex digits of SHA-256. */
export function contentHash(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex").slice(0, 16);
}
