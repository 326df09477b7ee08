/** Which echo server gave the answer; "" for an answer of Waystone's own. */
import type { Answer } from "../../../examples/harness/ask.ts";

export function echoName({ headers }: Answer): string {
  const name = headers["x-echo-name"];
  return typeof name === "string" ? name : "";
}
