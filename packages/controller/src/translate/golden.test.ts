/**
 * Golden files: translate/testdata/<topic>/<situation>.yaml is input, a line "# Output", and what it translates to.
 * A topic's _defaults.yaml is part of every input of it; what the defaults alone yield is left out of the outputs. Defaults
 * that begin with "# in a cluster" make the topic one of a cluster.
 * REFRESH_GOLDEN=1 rewrites the outputs.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type ShownTranslation, showTranslation } from "../testing/show-translation.ts";

const testdata = path.join(import.meta.dirname, "testdata");
const separator = "\n# Output\n";
const isRefresh = process.env["REFRESH_GOLDEN"] === "1";

for (const topic of readdirSync(testdata).toSorted()) {
  const folder = path.join(testdata, topic);
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const defaults = files.includes("_defaults.yaml")
    ? readFileSync(path.join(folder, "_defaults.yaml"), "utf8")
    : "";
  const known = showTranslation(defaults);
  describe(topic, () => {
    test.for(files.filter((name) => name !== "_defaults.yaml").toSorted())("%s", (name) => {
      const file = path.join(folder, name);
      const [input = "", output] = readFileSync(file, "utf8").split(separator);
      const actual = render(showTranslation(`${defaults}\n---\n${input}`), known);
      if (isRefresh) writeFileSync(file, `${input.trimEnd()}\n${separator}${actual}`);
      else expect(actual).toBe(output);
    });
  });
}

/** An object of the defaults that is gone is shown as null. */
function render(shown: ShownTranslation, known: ShownTranslation): string {
  return stringify(
    {
      resources: difference(shown.resources, known.resources),
      status: difference(shown.status, known.status),
      ...(Object.keys(shown.targets).length > 0 && {
        targets: difference(shown.targets, known.targets),
      }),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

function difference(
  shown: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const gone = Object.keys(known).filter((key) => !(key in shown));
  const changed = Object.entries(shown).filter(([key, value]) => stringify(value) !== stringify(known[key]));
  return Object.fromEntries([...changed, ...gone.map((key) => [key, null])]);
}
