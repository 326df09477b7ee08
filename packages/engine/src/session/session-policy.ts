/**
 * Session persistence of a rule or of a backend (GEP-1619), compiled: where the token travels, and the line that hands it
 * out, but for the token itself. Waypoints serve cleartext, so that a Secure cookie would be dropped by who gets it: the GEP
 * lets a mesh leave the attribute out. HttpOnly and SameSite=Strict are as it asks.
 */
import { type SessionPersistenceResource, SessionPersistenceType } from "@waystone/api/resources";
import { ownershipProblem } from "../headers/header-modifier.ts";
import { isToken } from "../headers/header-line.ts";
import type { Problems } from "../route/problems.ts";

export interface SessionPolicy {
  readonly type: "cookie" | "header";
  /** Of the cookie (with case) or of the header (lower case). */
  readonly name: string;
  /** 0: a session has no end. */
  readonly absoluteTimeoutMs: number;
  /** What stands before and after the token in the line of a response. */
  readonly linePrefix: string;
  readonly lineSuffix: string;
}

export function compileSession(
  resource: SessionPersistenceResource | null | undefined,
  field: string,
  problems: Problems,
): SessionPolicy | undefined {
  if (resource === undefined || resource === null) return undefined;
  const name = resource.sessionName ?? "";
  const absoluteTimeoutMs = resource.absoluteTimeoutMs ?? 0;
  if (resource.type === SessionPersistenceType.SESSION_HEADER) {
    return compileHeader(name, absoluteTimeoutMs, field, problems);
  }
  const nameProblem = isToken(name) ? undefined : `${JSON.stringify(name)} is not a cookie's name`;
  if (nameProblem !== undefined) problems.add(`${field}.sessionName`, nameProblem);
  const path = resource.cookiePath ?? "";
  const pathProblem = cookiePathProblem(path);
  if (pathProblem !== undefined) problems.add(`${field}.cookiePath`, pathProblem);
  const isPermanent = resource.permanentCookie === true;
  if (isPermanent && absoluteTimeoutMs === 0)
    problems.add(`${field}.absoluteTimeoutMs`, "is needed for a permanent cookie, which is kept that long");
  const maxAge = isPermanent ? `; Max-Age=${Math.ceil(absoluteTimeoutMs / 1000)}` : "";
  return {
    type: "cookie",
    name,
    absoluteTimeoutMs,
    linePrefix: `Set-Cookie: ${name}=`,
    lineSuffix: `; Path=${path}${maxAge}; HttpOnly; SameSite=Strict\r\n`,
  };
}

function compileHeader(
  name: string,
  absoluteTimeoutMs: number,
  field: string,
  problems: Problems,
): SessionPolicy {
  const problem = sessionHeaderProblem(name);
  if (problem !== undefined) problems.add(`${field}.sessionName`, problem);
  return {
    type: "header",
    name: name.toLowerCase(),
    absoluteTimeoutMs,
    linePrefix: `${name}: `,
    lineSuffix: "\r\n",
  };
}

/** Headers that mean something else already: the token would be read as that. */
const takenHeaders = new Set(["cookie", "set-cookie", "authorization", "date", "content-type"]);

export function sessionHeaderProblem(name: string): string | undefined {
  if (!isToken(name)) return `${JSON.stringify(name)} is not a header name`;
  if (takenHeaders.has(name.toLowerCase())) return `the header ${name} has another meaning`;
  return ownershipProblem(name) === undefined ? undefined : `the header ${name} is the proxy's own`;
}

/** RFC 6265 4.1.1: any character but controls and ";"; 5.2.4: one without a leading "/" is not taken by who gets it. */
export function cookiePathProblem(path: string): string | undefined {
  return /^\/[\x20-\x3a\x3c-\x7e]*$/.test(path)
    ? undefined
    : `${JSON.stringify(path)} is not a cookie's path: it has to begin with / and to be without ; and controls`;
}
