/** Reason phrases for answers that are ours (RFC 9110 15). */
import { STATUS_CODES } from "node:http";

export function reasonPhrase(status: number): string {
  return STATUS_CODES[status] ?? "Unknown";
}
