import { expect, test } from "vitest";
import { projectIdentity } from "./project-identity.ts";

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
