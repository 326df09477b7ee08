/**
 * From what a request's head says to the strings that are matched, judged and forwarded: once, and the same for all three
 * (T05). The waypoint fills an exchange by it, `waystone explain` a question.
 */
import { parseAuthority } from "./normalize-host.ts";
import { normalizePath } from "./normalize-path.ts";
import { splitTarget } from "./split-target.ts";

/** Filled in where the request is not refused. */
export interface NormalisedRequest {
  readonly method: string;
  /** "" where the request names none. */
  host: string;
  path: string;
  query: string;
  hasQuery: boolean;
}

export interface RequestRefusal {
  /** "asterisk": `OPTIONS *` is no error, and asks about the server as a whole (RFC 9110 9.3.7). */
  readonly kind: "bad-path" | "method-not-allowed" | "asterisk";
  readonly detail: string;
}

const connect: RequestRefusal = { kind: "method-not-allowed", detail: "CONNECT" };
const connectTarget: RequestRefusal = { kind: "method-not-allowed", detail: "authority-form target" };
const otherHost = badPath("the target names another host than Host");
const asterisk: RequestRefusal = { kind: "asterisk", detail: "" };

/** `authority`: of Host or :authority, "" for none. */
export function normaliseRequest(
  request: NormalisedRequest,
  target: string,
  authority: string,
): RequestRefusal | undefined {
  const split = splitTarget(target);
  const { method } = request;
  switch (split.form) {
    case "refused":
      return badPath(split.reason);
    case "authority":
      return method === "CONNECT" ? connectTarget : badPath("authority-form target");
    case "asterisk":
      return method === "OPTIONS" ? asterisk : badPath("* is a target for OPTIONS alone");
    case "absolute":
      // RFC 9112 3.2.2 lets the target win over Host; a request that says two things is refused instead.
      if (split.scheme === "https" || split.authority.toLowerCase() !== authority.toLowerCase())
        return otherHost;
      break;
    case "origin":
      break;
  }
  if (method === "CONNECT") return connect;
  if (authority !== "") {
    const parsed = parseAuthority(authority);
    if ("refused" in parsed) return badPath(parsed.refused);
    request.host = parsed.host;
  }
  const path = normalizePath(split.path);
  if (typeof path !== "string") return badPath(path.refused);
  request.path = path;
  request.query = split.query;
  request.hasQuery = split.hasQuery;
  return undefined;
}

function badPath(detail: string): RequestRefusal {
  return { kind: "bad-path", detail };
}
