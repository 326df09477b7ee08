/** One line of an access log, as far as it says what was asked (waypoint/src/telemetry/access-log.ts writes them). */

export interface LogLine {
  /** When it came, milliseconds since 1970. */
  readonly timeMs: number;
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  /** "address:port" at which it was asked. */
  readonly local: string;
  /** The client's address; "" where it is not there. */
  readonly address: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly userAgent: string;
  readonly forwardedFor: string;
  readonly responseCode: number;
  readonly flags: string;
  /** Which of a waypoint's own answers it was; "via_upstream". */
  readonly details: string;
  /** As whom the client was known; "" for nobody. */
  readonly principal: string;
}

/** What a line has of the headers: of all others nobody can say what they were. */
export const loggedHeaders = ["user-agent", "x-forwarded-for"] as const;

/** Undefined: no line of ours about a request. */
export function parseLogLine(text: string): LogLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = new Map(Object.entries(value));
  const read = (name: string): string => {
    const field: unknown = fields.get(name);
    return typeof field === "string" ? field : "";
  };
  const code = fields.get("response_code");
  if (read("method") === "" || typeof code !== "number") return undefined;
  return {
    timeMs: Date.parse(read("start_time")) || 0,
    method: read("method"),
    path: read("path"),
    authority: read("authority"),
    local: read("downstream_local_address"),
    address: read("downstream_remote_address")
      .replace(/:\d+$/, "")
      .replace(/^\[(.*)\]$/, "$1"),
    namespace: read("source_namespace"),
    serviceAccount: read("source_service_account"),
    userAgent: read("user_agent"),
    forwardedFor: read("x_forwarded_for"),
    responseCode: code,
    flags: read("response_flags"),
    details: read("response_code_details"),
    principal: read("request_principal"),
  };
}
