/** `waystone policy test`, from the tables to the results. */
import path from "node:path";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renderJunit } from "./junit.ts";
import { renderResults } from "./render-results.ts";
import { runTables } from "./run-tables.ts";

const example = path.resolve(import.meta.dirname, "../../../../examples/authorization");
const manifests = path.join(example, "manifests");

let folder = "";
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "waystone-tables-"))));
afterEach(() => rmSync(folder, { recursive: true }));

async function run(text: string) {
  writeFileSync(path.join(folder, "t.yaml"), text);
  return await runTables(folder, [manifests]);
}

const asked = "from: guarded/batch, to: api.guarded, path: /orders";

test("a test that came out otherwise says what differs, what happened, and which line decided", async () => {
  const tables = await run(
    `tests:\n- {name: "batch <may>", ${asked}, expect: allow}\n- {${asked}, expect: {status: 403}}\n`,
  );
  const text = renderResults(tables).replaceAll(`${folder}/`, "");
  expect(text).toMatch(
    /^FAIL {2}t.yaml:2 {2}batch <may>\n {8}verdict: expected allow, and it is deny\n {8}DENIED {3}403 no rule allows it/,
  );
  expect(text).toContain(
    "ok    t.yaml:3  GET /orders from guarded/batch to api.guarded\n\n1 passed, 1 failed\n",
  );
  const junit = renderJunit(tables);
  expect(junit).toContain('tests="2" failures="1"');
  expect(junit).toContain('<testcase name="batch &lt;may&gt;"');
  expect(junit).toContain('<failure message="verdict: expected allow, and it is deny">');
});

test("the example's own tables hold", async () => {
  const [table] = await runTables(path.join(example, "tests"), []);
  expect(table?.results.map(({ failure }) => failure)).toEqual(["", "", "", "", ""]);
});

test.for([
  [
    `tests:\n- {${asked}, metod: GET, expect: deny}`,
    "t.yaml:2:57: tests[0].metod: is not known; did you mean method?",
  ],
  [`tests:\n- {${asked}, expect: maybe}`, "t.yaml:2:65: tests[0].expect: must be allow, deny, or a mapping"],
  [`tests:\n- {${asked}}`, "t.yaml:2:3: tests[0].expect: expect is missing"],
  [`tests:\n- {from: guarded/batch, expect: deny}`, "t.yaml:2:3: tests[0]: to is missing"],
  [`tests:\n- {${asked}, expect: {status: 99}}`, "tests[0].expect.status: must be a status from 100 to 599"],
  [`tests:\n- {${asked}, expect: {}}`, "tests[0].expect: expects nothing"],
  [`tests:\n- from: [\n`, "t.yaml:"],
  [
    `tests:\n- {from: guarded/btch, to: api.guarded, expect: deny}`,
    "t.yaml:2:3: --from: there is no pod or service account guarded/btch; did you mean guarded/batch?",
  ],
  ["kind: Service\ntests: []", 'there is no table of tests: a YAML file with "tests:"'],
] as const)("%s", async ([text, message]) => {
  await expect(run(text)).rejects.toThrow(message);
});
