/** An answer that is no success, as Kubernetes words it. */
import type { JsonObject } from "./json.ts";

export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: JsonObject;

  constructor(code: number, reason: string, message: string, details: JsonObject = {}) {
    super(message);
    this.name = "StatusError";
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  get body(): JsonObject {
    const { code, reason, message, details } = this;
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      code,
      reason,
      message,
      details,
    };
  }
}

export const expired = (message: string): StatusError => new StatusError(410, "Expired", message);
export const notFound = (what: string): StatusError => new StatusError(404, "NotFound", `${what} not found`);
export const conflict = (message: string): StatusError => new StatusError(409, "Conflict", message);
export const invalid = (message: string): StatusError => new StatusError(422, "Invalid", message);
export const badRequest = (message: string): StatusError => new StatusError(400, "BadRequest", message);
