/** `--name a,b`: names of Secrets, as the API server takes them. */
import { InvalidArgumentError } from "commander";

const objectName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

export function parseSecretNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names)
    if (!objectName.test(name))
      throw new InvalidArgumentError(`${JSON.stringify(name)} is no name of a Secret.`);
  return [...before, ...names];
}
