import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../../../scripts/run-command.ts";
import { parseConformanceLine } from "./conformance-line.ts";
import { type PackageFile, projectIdentity } from "./project-identity.ts";

test("a report names the home page and the place for questions that package.json has", () => {
  const bugs = { url: "https://waystone.example/issues" };
  expect(projectIdentity({ version: "1.2.3", homepage: "https://waystone.example", bugs })).toEqual({
    version: "v1.2.3",
    url: "https://waystone.example",
    contact: "https://waystone.example/issues",
  });
});

test("what package.json does not have is not made up", () => {
  expect(projectIdentity({ version: "1.2.3" })).toMatchObject({
    url: "none: package.json has no homepage",
    contact: "none: package.json has no bugs.url",
  });
});

test("who makes the report says who it is of with --url and --contact, and goes before package.json", () => {
  const { identity } = parseConformanceLine(["--contact", "@somebody", "--url", "https://fork.example"]);
  expect(projectIdentity({ version: "1.2.3", homepage: "https://waystone.example" }, identity)).toEqual({
    version: "v1.2.3",
    url: "https://fork.example",
    contact: "@somebody",
  });
});

test("the reports that are kept say what package.json says now", () => {
  const text = readFileSync(path.join(repositoryRoot, "package.json"), "utf8");
  const { url, contact, version } = projectIdentity(JSON.parse(text) as PackageFile);
  for (const channel of ["standard", "experimental"]) {
    const report = readFileSync(
      path.join(repositoryRoot, `docs/conformance/mesh-v1.6.3-${channel}.yaml`),
      "utf8",
    );
    expect(report).toContain(`version: ${version}`);
    for (const words of [url, contact]) expect(report).toContain(words);
  }
});
