import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { sourceFolder } from "./built-files.ts";
import { components } from "./components.ts";
import { requiredVersion } from "./required-version.ts";

test("a version is found in a line of its own and in a block", () => {
  const goMod = "module x\n\nrequire a.test/one v1.2.3\n\nrequire (\n\ta.test/two v0.4.0 // indirect\n)\n";
  expect(requiredVersion(goMod, "a.test/one")).toBe("v1.2.3");
  expect(requiredVersion(goMod, "a.test/two")).toBe("v0.4.0");
  expect(() => requiredVersion(goMod, "a.test/on")).toThrow("does not require a.test/on");
});

test.for(components.filter(({ module }) => module !== undefined))(
  "the version of $name is pinned, with a hash",
  ({ name, module = "" }) => {
    const read = (file: string): string => readFileSync(path.join(sourceFolder(name), file), "utf8");
    expect(read("go.sum")).toContain(`${module} ${requiredVersion(read("go.mod"), module)} h1:`);
  },
);
