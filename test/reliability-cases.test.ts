/** Every case that is to be covered here has its test, and no test cites a case that does not exist. */
import { readFileSync } from "node:fs";
import path from "node:path";
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

/** Ids of docs/reliability-tests.md, with the files in their rows. */
const page = readFileSync(path.join(import.meta.dirname, "../docs/reliability-tests.md"), "utf8");
const rows = new Map(
  [...page.matchAll(/^\| ([A-Z][0-9]{2}) \| .* \| (.+) \|$/gm)].map(([, id = "", by = ""]) => {
    const files = [...by.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
    return [
      id,
      files.map((file) => (/^(packages|test)\//.test(file) ? file : `packages/waypoint/src/${file}`)),
    ];
  }),
);

test("docs/reliability-tests.md has a row for each case, and none for another", () => {
  expect([...rows.keys()].toSorted()).toEqual(Object.keys(reliabilityCases).toSorted());
});

test("each file in a row of docs/reliability-tests.md has a test with that id", () => {
  const wrong = [...rows].flatMap(([id, files]) =>
    files.filter((file) => cited.get(id)?.includes(file) !== true).map((file) => `${id}: ${file}`),
  );
  expect(wrong).toEqual([]);
  expect([...rows].filter(([, files]) => files.length === 0)).toEqual([]);
});
