import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const here = import.meta.dirname;
const allowed = ["@waystone/api/names", "@waystone/api/resources", "@waystone/base/rng", "re2js"];

test("the engine imports nothing of a platform, so that it runs in a browser too (design.md section 3)", () => {
  const offenders: string[] = [];
  for (const file of globSync("**/*.ts", { cwd: here })) {
    // Rigs of tests are not shipped.
    if (file.endsWith(".test.ts") || file.includes("testing/")) continue;
    const text = readFileSync(`${here}/${file}`, "utf8");
    for (const [, specifier] of text.matchAll(/(?:from|import) "([^"]+)"/g)) {
      if (!specifier!.startsWith(".") && !allowed.includes(specifier!))
        offenders.push(`${file}: ${specifier}`);
    }
    if (/\b(Buffer|process|setTimeout|setInterval)\b[.(]|Date\.now|Math\.random/.test(text))
      offenders.push(`${file}: a global`);
  }
  expect(offenders).toEqual([]);
});
