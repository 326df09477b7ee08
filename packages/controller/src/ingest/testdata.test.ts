/**
 * Golden files: testdata/*.yaml are manifests, and after "# expect:" what is said of them, as comments: the errors, then the
 * objects that are good. REFRESH_GOLDEN=1 rewrites the second part.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatManifestError } from "./manifest-error.ts";
import { parseFile } from "./parse-file.ts";

const folder = new URL("testdata/", import.meta.url);
const marker = "# expect:\n";

function describeFile(name: string, text: string): string {
  const { documents, unreadable } = parseFile(name, Buffer.from(text), undefined);
  const lines = unreadable === undefined ? [] : [formatManifestError(unreadable)];
  for (const { broken, nameless, objects, foreign } of documents) {
    const errors = [
      ...(broken === undefined ? [] : [broken]),
      ...nameless,
      ...objects.flatMap((each) => each.errors),
    ];
    lines.push(...errors.map(formatManifestError));
    for (const { id, object, origin } of objects)
      if (object !== undefined) lines.push(`good: ${id} (line ${origin.line})`);
    for (const { apiVersion, kind } of foreign) lines.push(`passed over: ${apiVersion} ${kind}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

const commented = (text: string): string => text.replaceAll(/^/gm, "# ").replace(/# $/, "");

for (const name of readdirSync(folder).toSorted()) {
  test(`${name}: every error says where, what and what to do, and spoils nothing else`, () => {
    const file = new URL(name, folder);
    const text = readFileSync(file, "utf8");
    const cut = text.indexOf(marker) + marker.length;
    const found = commented(describeFile(name, text.slice(0, cut)));
    if (process.env["REFRESH_GOLDEN"] === "1") writeFileSync(file, text.slice(0, cut) + found);
    else expect(found).toBe(text.slice(cut));
  });
}
