/** Results as JUnit's XML, which CI systems read. */
import type { TableResult } from "./run-tables.ts";

export function renderJunit(tables: readonly TableResult[]): string {
  const suites = tables.map(({ file, results }) => {
    const failures = results.filter(({ failure }) => failure !== "").length;
    const cases = results.map(({ test, failure }) => {
      const head = `    <testcase name="${escape(test.name)}" classname="${escape(file)}" file="${escape(file)}" line="${test.line}"`;
      if (failure === "") return `${head}/>`;
      return `${head}>\n      <failure message="${escape(failure.split("\n")[0] ?? "")}">${escape(failure)}</failure>\n    </testcase>`;
    });
    return [
      `  <testsuite name="${escape(file)}" tests="${results.length}" failures="${failures}">`,
      ...cases,
      "  </testsuite>",
    ].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};

/** Characters that XML 1.0 has no way to say are left out. */
function escape(text: string): string {
  return (
    text
      .replace(/[&<>"\n]/g, (char) => entities[char] ?? char)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, "")
  );
}
