/**
 * What a Service's shadow is called: its own name, cut so that 63 characters are not passed, and five hex digits of a hash
 * of where it is, so that names that are alike up to the cut stay apart.
 */
import { hash } from "node:crypto";

const longestPart = 50;
const hashDigits = 5;

/** `namespace` and `name` of the front. */
export function shadowName(namespace: string, name: string): string {
  const digest = hash("sha256", `${namespace}/${name}`, "hex").slice(0, hashDigits);
  return `${name.slice(0, longestPart)}-shadow-${digest}`;
}
