/** The credentials of the scheme Basic (RFC 7617): base64 of "user:password" in UTF-8. What is not exactly that is refused. */
import { hasControl, longestUser } from "@waystone/engine/authentication/password-hash";

export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
}

/** bcrypt reads 72 bytes of it, but nobody is stopped from typing more. */
export const longestPassword = 1024;

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `text` is what stands after "Basic ". Undefined: no credentials are read out of it. */
export function parseBasic(text: string): BasicCredentials | undefined {
  const trimmed = text.trim();
  if (!base64.test(trimmed)) return undefined;
  const bytes = Buffer.from(trimmed, "base64");
  // One way to write it: what is left over in the last letter is zero (RFC 4648 3.5).
  if (bytes.toString("base64").replace(/=+$/, "") !== trimmed.replace(/=+$/, "")) return undefined;
  const decoded = tryDecode(bytes);
  const colon = decoded?.indexOf(":") ?? -1;
  if (decoded === undefined || colon <= 0 || hasControl(decoded)) return undefined;
  const user = decoded.slice(0, colon);
  const password = decoded.slice(colon + 1);
  return user.length > longestUser || password.length > longestPassword ? undefined : { user, password };
}

function tryDecode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
