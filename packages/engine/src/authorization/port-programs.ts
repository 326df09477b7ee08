/**
 * Which program decides about a request at its port, and what it does not get to decide: what cannot be told is refused before it
 * is asked (design/0003-policies.md, "Fail closed").
 */
import type { Matched, RouteRule } from "../route/route.ts";
import type { Program } from "./program.ts";

export interface PortPrograms {
  /** Where no rule has one of its own. */
  readonly program: Program | undefined;
  /** Of the rules that a policy is about: those of the port, and theirs. */
  readonly ofRules: ReadonlyMap<RouteRule, Program>;
}

/** "none": no rule matched. */
export function programAt(
  policies: PortPrograms | undefined,
  matched: Pick<Matched, "rule"> | undefined | "none",
): Program | undefined {
  if (policies === undefined) return undefined;
  if (matched === undefined || matched === "none") return policies.program;
  return policies.ofRules.get(matched.rule) ?? policies.program;
}

export interface Obstacle {
  readonly kind: "bad-path" | "identity-unknown" | "access-denied" | "configuration-unread";
  readonly detail: string;
}

const encodedSlash: Obstacle = {
  kind: "bad-path",
  detail: "an encoded slash or backslash, where a policy judges paths",
};
const unknownClient: Obstacle = { kind: "identity-unknown", detail: "a policy asks who the client is" };

/** `isIdentityTold`: somebody has said who the client is, or that it is nobody. */
export function findObstacle(program: Program, path: string, isIdentityTold: boolean): Obstacle | undefined {
  if (program.unread !== "") return { kind: "configuration-unread", detail: program.unread };
  if (program.judgesPaths && hasEncodedSlash(path)) return encodedSlash;
  // Nobody has said yet whether it is anybody: what holds for strangers may not hold for it.
  if (program.readsIdentity && !isIdentityTold) return unknownClient;
  return undefined;
}

const asksForRequest: Obstacle = {
  kind: "access-denied",
  detail: "a policy to deny by asks for more than a connection has",
};

/** The same for connections, which have no path. One that is led to an HTTP port cannot be judged by a DENY about requests. */
export function findConnectionObstacle(
  program: Program,
  _path: string,
  isIdentityTold: boolean,
): Obstacle | undefined {
  if (program.unread !== "") return { kind: "configuration-unread", detail: program.unread };
  if (program.readsIdentity && !isIdentityTold) return unknownClient;
  return program.deniesByRequest ? asksForRequest : undefined;
}

/** Some servers read %2F as a slash and %5C as a backslash; escapes are in upper case by now. */
function hasEncodedSlash(path: string): boolean {
  return path.includes("%") && (path.includes("%2F") || path.includes("%5C"));
}
