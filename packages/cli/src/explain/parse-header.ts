/** "-H 'x-team: shop'", as curl takes it. */
import { isFieldValue, isToken } from "@waystone/engine/headers/header-line";
import { CliError } from "../cli-error.ts";

export function parseHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(colon, 0)).trim();
  const value = text.slice(colon + 1).trim();
  if (colon < 1 || !isToken(name)) throw new CliError(`-H ${JSON.stringify(text)} is not "<name>: <value>"`);
  if (!isFieldValue(value)) throw new CliError(`-H ${name}: the value has a character that no header has`);
  return [name, value];
}
