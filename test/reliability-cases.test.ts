/** Every case that is to be covered here has its test, and no test cites a case that does not exist. */
import { expect, test } from "vitest";
import { readSourceFiles } from "./architecture/source-files.ts";
import { reliabilityCases } from "./reliability-cases.ts";

const tests = readSourceFiles().filter((file) => file.isTest);
const cited = new Map<string, string[]>();
for (const file of tests) {
  // In code, not in comments: an id in prose covers nothing.
  for (const [, id = ""] of file.code.matchAll(/\[([FLTURHDA][0-9]{2})\]/g)) {
    cited.set(id, [...(cited.get(id) ?? []), file.path]);
  }
}

test("each case that is covered here has a test with its id in brackets in the title", () => {
  const missing = Object.entries(reliabilityCases).filter(
    ([id, { where }]) => where === "here" && !cited.has(id),
  );
  expect(missing.map(([id, { rule }]) => `[${id}] ${rule}`)).toEqual([]);
});

test("a case that a test cites is in the list", () => {
  expect([...cited].filter(([id]) => reliabilityCases[id] === undefined)).toEqual([]);
});
