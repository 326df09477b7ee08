/** The version of a module that a go.mod asks for: the one place where versions of the cluster's parts are written. */

export function requiredVersion(goMod: string, module: string): string {
  for (const line of goMod.split("\n")) {
    const words = line
      .trim()
      .replace(/^require\s+/, "")
      .split(/\s+/);
    if (words[0] === module && words[1]?.startsWith("v") === true) return words[1];
  }
  throw new Error(`this go.mod does not require ${module}`);
}
