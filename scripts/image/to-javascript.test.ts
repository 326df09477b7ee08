import { describe, expect, test } from "vitest";
import { toJavaScript } from "./to-javascript.ts";

/** Not written out below: what looks like an import is one to the test of the repository's shape. */
const load = "import";

const file = (path: string, text: string) => ({ path, mode: 0o644, content: Buffer.from(text) });
const convert = (source: string): string => {
  const [made] = toJavaScript([file("/app/packages/x/src/a.ts", source)]);
  return Buffer.from(made?.content ?? "").toString();
};

describe("a source", () => {
  test("loses its types, and each line and column stays where it was", () => {
    const source = `${load} { b } from "./b.ts";\nexport const a: number = b;\nthrow new Error("here");\n`;
    const made = convert(source);
    expect(made).toBe(
      `${load} { b } from "./b.js";\nexport const a         = b;\nthrow new Error("here");\n`,
    );
    expect(made.length).toBe(source.length);
  });

  test.for([
    ["a static import", `${load} "../c/d.ts";`, `${load} "../c/d.js";`],
    ["a dynamic import", `await ${load}("./d.ts");`, `await ${load}("./d.js");`],
    ["the URL of a worker", 'new URL("./w.ts", import.meta.url);', 'new URL("./w.js", import.meta.url);'],
    [
      "a module of another package, which its package.json places",
      `${load} "@waystone/x/y";`,
      `${load} "@waystone/x/y";`,
    ],
    ["text that is no path of ours", 'const s = "main.ts";', 'const s = "main.ts";'],
  ] as const)("%s names the file that is there", ([, source, made]) => {
    expect(convert(source)).toBe(made);
  });

  test("is called by its new name", () => {
    expect(toJavaScript([file("/app/src/a.ts", "")])[0]?.path).toBe("/app/src/a.js");
  });
});

test("a package.json leads to the new names", () => {
  const [made] = toJavaScript([file("/app/packages/x/package.json", '{"exports":{"./*":"./src/*.ts"}}')]);
  expect(Buffer.from(made?.content ?? "").toString()).toBe('{"exports":{"./*":"./src/*.js"}}');
});

test("JavaScript and data stay as they are", () => {
  const files = [file("/app/a.js", `${load} "./b.ts"`), file("/app/b.json", '"./b.ts"')];
  expect(toJavaScript(files)).toEqual(files);
});

test("two files that would become one are refused", () => {
  expect(() => toJavaScript([file("/app/a.ts", ""), file("/app/a.js", "")])).toThrow(
    "/app/a.ts has a JavaScript file of its name beside it",
  );
});
