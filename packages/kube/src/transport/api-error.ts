/**
 * The one error of this package: what the API server answered (a Status object, or whatever stood in for it), or that it
 * did not answer (status 0). Callers decide by `status` and `reason`, never by the text.
 */

/** Reasons of our own, where there is no answer to take one from. */
export type NoAnswerReason =
  | "Unreachable"
  | "TimedOut"
  /** We did not wait for it. */
  | "Aborted"
  /** What came makes no sense, or was cut. */
  | "Malformed"
  /** A watch was silent for too long. */
  | "Stalled"
  /** The server was not asked: we don't know who we are. */
  | "NoCredential";

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface ApiErrorFields {
  /** The HTTP status, or the code of an ERROR event; 0 where no answer came. */
  readonly status: number;
  /** As in Kubernetes' Status: "NotFound", "Conflict", "Expired"; with status 0 a NoAnswerReason. */
  readonly reason: string;
  readonly message: string;
  /** How long the server asked us to stay away. */
  readonly retryAfterMs?: number | undefined;
  readonly causes?: readonly StatusCause[] | undefined;
  readonly cause?: unknown;
}

export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  readonly causes: readonly StatusCause[];

  constructor({ status, reason, message, retryAfterMs, causes = [], cause }: ApiErrorFields) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.causes = causes;
  }
}

export const isApiError = (thrown: unknown, status?: number): thrown is ApiError =>
  thrown instanceof ApiError && (status === undefined || thrown.status === status);

export const isNotFound = (thrown: unknown): boolean => isApiError(thrown, 404);

/** 409 for a stale resourceVersion or an apply conflict; 409 "AlreadyExists" is not one. */
export const isConflict = (thrown: unknown): boolean =>
  isApiError(thrown, 409) && thrown.reason !== "AlreadyExists";

export const isAlreadyExists = (thrown: unknown): boolean =>
  isApiError(thrown, 409) && thrown.reason === "AlreadyExists";

/** The version asked for is no longer kept: list anew. */
export const isExpired = (thrown: unknown): boolean =>
  isApiError(thrown) && (thrown.status === 410 || thrown.reason === "Expired" || thrown.reason === "Gone");

/** True where no answer came at all: the server, or the way to it, is down. */
export const isUnanswered = (thrown: unknown): boolean => isApiError(thrown, 0);

interface StatusObject {
  readonly kind?: unknown;
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly details?: { readonly retryAfterSeconds?: unknown; readonly causes?: unknown } | null;
}

/** Where there is no answer to make an error of. */
export function noAnswer(reason: NoAnswerReason, message: string, cause?: unknown): ApiError {
  return new ApiError({ status: 0, reason, message, cause });
}

/** From an answer that is no success. `body` may be anything: proxies in between answer HTML. */
export function errorFromAnswer(
  asked: string,
  answer: { readonly status: number; readonly retryAfter?: string | undefined; readonly body: string },
): ApiError {
  const { status, retryAfter, body } = answer;
  const parsed = parseStatus(body);
  const seconds = retryAfterSeconds(retryAfter);
  if (parsed === undefined) {
    const text = body.trim().slice(0, 200);
    const message = `${asked}: the API server answered ${status}${text === "" ? "" : `: ${text}`}`;
    return new ApiError({
      status,
      reason: defaultReason(status),
      message,
      retryAfterMs: seconds && seconds * 1000,
    });
  }
  const error = errorFromStatus(asked, parsed, status);
  if (seconds === undefined || error.retryAfterMs !== undefined) return error;
  return new ApiError({ ...fieldsOf(error), retryAfterMs: seconds * 1000 });
}

/** From a Status object: the body of an answer, or the object of an ERROR event. */
export function errorFromStatus(asked: string, status: unknown, fallbackCode = 0): ApiError {
  const { code, reason, message, details } = isRecord(status) ? (status as StatusObject) : {};
  const number = typeof code === "number" ? code : fallbackCode;
  const seconds = details?.retryAfterSeconds;
  const text = typeof message === "string" && message !== "" ? message : `code ${number}`;
  return new ApiError({
    status: number,
    reason: typeof reason === "string" && reason !== "" ? reason : defaultReason(number),
    message: `${asked}: ${text}`,
    // The header is "how long to wait before the next try" too; 0 is "no need to wait".
    retryAfterMs: typeof seconds === "number" && seconds > 0 ? seconds * 1000 : undefined,
    causes: Array.isArray(details?.causes) ? details.causes.filter(isRecord) : [],
  });
}

/** The only place where errors of undici, of sockets and of parsers become ours. */
export function errorFromThrown(asked: string, thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const code = isRecord(thrown) && typeof thrown["code"] === "string" ? thrown["code"] : undefined;
  const detail = thrown instanceof Error && thrown.message !== "" ? thrown.message : String(code ?? thrown);
  if (code === "UND_ERR_ABORTED" || (thrown instanceof Error && thrown.name === "AbortError")) {
    return noAnswer("Aborted", `${asked}: given up`, thrown);
  }
  return noAnswer("Unreachable", `${asked}: no answer from the API server: ${detail}${hintOf(code)}`, thrown);
}

function hintOf(code = ""): string {
  switch (code) {
    case "ECONNREFUSED":
      return " (nothing listens there: is the cluster running, is the address right?)";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return " (its name can't be resolved)";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return " (its certificate is of none of the authorities that we were told to trust)";
    default:
      return "";
  }
}

function fieldsOf(error: ApiError): ApiErrorFields {
  const { status, reason, message, causes, retryAfterMs } = error;
  return { status, reason, message, causes, retryAfterMs };
}

function parseStatus(body: string): StatusObject | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) && parsed["kind"] === "Status" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds only: the API server sends no dates. */
function retryAfterSeconds(header: string | undefined): number | undefined {
  if (header === undefined || !/^[0-9]{1,6}$/.test(header.trim())) return undefined;
  return Number(header);
}

function defaultReason(status: number): string {
  return reasons.get(status) ?? (status >= 500 ? "InternalError" : "Unknown");
}

const reasons = new Map<number, string>([
  [400, "BadRequest"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [405, "MethodNotAllowed"],
  [409, "Conflict"],
  [410, "Expired"],
  [413, "RequestEntityTooLarge"],
  [422, "Invalid"],
  [429, "TooManyRequests"],
  [503, "ServiceUnavailable"],
  [504, "Timeout"],
]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
