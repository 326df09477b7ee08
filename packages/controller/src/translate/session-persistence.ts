/**
 * sessionPersistence of a rule, or of an XBackendTrafficPolicy -> SessionPersistence. Two spellings are read: Gateway API 1.7's (`cookie`,
 * `header`), which files are checked against, and 1.6's (`sessionName`, `cookieConfig`), which clusters may still have.
 */
import { errorMessage } from "@waystone/base/error-message";
import type { SessionPersistence } from "@waystone/api/kubernetes/gateway";
import { type SessionPersistenceResource, SessionPersistenceType } from "@waystone/api/resources";
import { contentHash } from "@waystone/base/content-hash";
import { parseDuration } from "@waystone/base/duration";
import { cookiePathProblem, sessionHeaderProblem } from "@waystone/engine/session/session-policy";

export type Refuse = (field: string, message: string) => void;

/** The wire's limit, about 49 days. */
const maxMs = 0xffff_ffff;

/** `owner`: what the session belongs to, as a name that no other has. undefined: not given. */
export function translateSessionPersistence(
  session: SessionPersistence | undefined,
  at: string,
  owner: string,
  refuse: Refuse,
): SessionPersistenceResource | undefined {
  if (session === undefined) return undefined;
  const absoluteTimeoutMs = absoluteTimeout(session.absoluteTimeout, `${at}.absoluteTimeout`, refuse);
  return session.type === "Header"
    ? translateHeader(session, at, absoluteTimeoutMs, refuse)
    : translateCookie(session, at, owner, absoluteTimeoutMs, refuse);
}

function translateHeader(
  { header, sessionName, cookie, cookieConfig }: SessionPersistence,
  at: string,
  absoluteTimeoutMs: number,
  refuse: Refuse,
): SessionPersistenceResource {
  if ((cookie ?? cookieConfig) !== undefined) {
    refuse(`${at}.${cookie === undefined ? "cookieConfig" : "cookie"}`, "is for type: Cookie alone");
  }
  const name = header?.name ?? sessionName ?? "";
  const field = `${at}.${header === undefined && sessionName !== undefined ? "sessionName" : "header.name"}`;
  const problem =
    name === "" ? "clients have to know the name of the header; write it here" : sessionHeaderProblem(name);
  if (problem !== undefined) refuse(field, problem);
  return { type: SessionPersistenceType.SESSION_HEADER, sessionName: name, absoluteTimeoutMs };
}

function translateCookie(
  { cookie, cookieConfig, header, sessionName, absoluteTimeout }: SessionPersistence,
  at: string,
  owner: string,
  absoluteTimeoutMs: number,
  refuse: Refuse,
): SessionPersistenceResource {
  if (header !== undefined) refuse(`${at}.header`, "is for type: Header alone");
  const name = cookie?.name ?? sessionName ?? "";
  if (name !== "" && !/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(name)) {
    refuse(`${at}.sessionName`, `${JSON.stringify(name)} is not a cookie's name`);
  }
  const cookiePath = cookie?.path ?? "/";
  const pathProblem = cookiePathProblem(cookiePath);
  if (pathProblem !== undefined) refuse(`${at}.cookie.path`, pathProblem);
  const permanentCookie = (cookie ?? cookieConfig)?.lifetimeType === "Permanent";
  if (permanentCookie && absoluteTimeout === undefined) {
    refuse(`${at}.absoluteTimeout`, "is needed for a permanent cookie, which is kept that long");
  }
  return {
    type: SessionPersistenceType.SESSION_COOKIE,
    // GEP-1619: where none is given, one that no other rule has, so that sessions of two never meet.
    sessionName: name === "" ? `waystone-session-${contentHash(Buffer.from(owner)).slice(0, 10)}` : name,
    absoluteTimeoutMs,
    permanentCookie,
    cookiePath,
  };
}

function absoluteTimeout(text: string | undefined, at: string, refuse: Refuse): number {
  if (text === undefined) return 0;
  try {
    const ms = parseDuration(text);
    if (ms === 0)
      refuse(at, `${text} would end every session at once; leave it out for sessions without an end`);
    else if (ms > maxMs) refuse(at, `${text} is longer than 49 days`);
    else return ms;
  } catch (error) {
    refuse(at, errorMessage(error));
  }
  return 0;
}
