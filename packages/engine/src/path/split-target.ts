/**
 * The request target's four forms (RFC 9112 3.2), told apart and taken to pieces. Only the shape is decided here: the
 * path is judged by normalize-path.ts and the authority by normalize-host.ts. The query is kept byte for byte.
 */

export type Target =
  | OriginTarget
  | {
      readonly form: "absolute";
      readonly scheme: "http" | "https";
      readonly authority: string;
      readonly path: string;
      readonly hasQuery: boolean;
      readonly query: string;
    }
  /** "*": for OPTIONS alone. */
  | { readonly form: "asterisk" }
  /** "host:port": for CONNECT alone. */
  | { readonly form: "authority"; readonly authority: string }
  | RefusedTarget;

export interface OriginTarget {
  readonly form: "origin";
  /** As received: not yet normalised. */
  readonly path: string;
  /** "/a?" has an empty query, "/a" has none: what is forwarded tells them apart. */
  readonly hasQuery: boolean;
  /** After the "?"; "" where there is none. */
  readonly query: string;
}

export interface RefusedTarget {
  readonly form: "refused";
  readonly reason: string;
}

const refusedCharacter: RefusedTarget = {
  form: "refused",
  reason: "the query has a character that must be percent-encoded",
};
const refusedForm: RefusedTarget = {
  form: "refused",
  reason: "the request target has none of HTTP's four forms",
};
const refusedEmpty: RefusedTarget = { form: "refused", reason: "the request target is empty" };

export function splitTarget(target: string): Target {
  if (target.charCodeAt(0) === 0x2f) return splitOrigin(target);
  if (target === "*") return { form: "asterisk" };
  if (target === "") return refusedEmpty;
  const absolute = /^(https?):\/\/([^/?#\\@]*)/i.exec(target);
  if (absolute === null)
    return isAuthorityForm(target) ? { form: "authority", authority: target } : refusedForm;
  const rest = target.slice(absolute[0].length);
  // An absolute target without a path asks for "/" (RFC 9112 3.2.1).
  const origin = splitOrigin(rest.startsWith("/") ? rest : `/${rest}`);
  if (origin.form !== "origin" || (rest !== "" && rest[0] !== "/" && rest[0] !== "?")) return refusedForm;
  const scheme = absolute[1]!.toLowerCase() === "https" ? "https" : "http";
  return { ...origin, form: "absolute", scheme, authority: absolute[2]! };
}

function splitOrigin(target: string): OriginTarget | RefusedTarget {
  const mark = target.indexOf("?");
  if (mark < 0) return { form: "origin", path: target, hasQuery: false, query: "" };
  for (let i = mark + 1; i < target.length; i++) {
    const char = target.charCodeAt(i);
    if (char > 0x7e || queryRefused[char] === 1) return refusedCharacter;
  }
  return { form: "origin", path: target.slice(0, mark), hasQuery: true, query: target.slice(mark + 1) };
}

/** "host:port" with nothing of a path, query or user in it. */
function isAuthorityForm(target: string): boolean {
  return /^[^/?#@\\\s]+:\d{1,5}$/.test(target);
}

/**
 * Controls, space and "#" cannot be in a query that was read correctly; the other five are what T07 of the reference
 * names: RFC 3986 has no place for them raw, and quoting in logs and pages goes wrong with them. The rest of what RFC
 * 3986 excludes ("|", "^", "`", "\", "[", "]") is sent by browsers as it is, and harms nobody in a query.
 */
const queryRefused: Uint8Array = (() => {
  const table = new Uint8Array(128);
  table.fill(1, 0, 0x21);
  for (const char of '#"<>{}\x7f') table[char.charCodeAt(0)] = 1;
  return table;
})();
