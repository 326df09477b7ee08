/** Who may import whom: the one direction in which the packages point. Types count too. */

export const allowedArrows: Readonly<Record<string, readonly string[]>> = {
  base: [],
  api: [],
  engine: ["api", "base"],
  collection: ["base"],
  kube: ["base", "collection"],
  xds: ["api", "base"],
  controller: ["kube", "collection", "xds", "engine", "api", "base"],
  waypoint: ["engine", "xds", "api", "base"],
  dashboard: ["api", "base"],
  testkit: ["api", "base"],
  cli: ["dashboard", "waypoint", "controller", "kube", "xds", "collection", "engine", "api", "base"],
};

export function describeArrows(): string {
  const lines = Object.entries(allowedArrows).map(
    ([from, to]) => `  ${from} -> ${to.join(", ") || "nothing of ours"}`,
  );
  return `allowed:\n${lines.join("\n")}\n  *.test.ts, test/, examples/ -> testkit as well`;
}

/** The package of ours that a specifier names: "@waystone/base/clock" is base, "waystone/main" is cli. */
export function packageOf(specifier: string): string | undefined {
  const scoped = /^@waystone\/([^/]+)/.exec(specifier)?.[1];
  return scoped ?? (/^waystone(\/|$)/.test(specifier) ? "cli" : undefined);
}
