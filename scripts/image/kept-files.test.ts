import { describe, expect, test } from "vitest";
import { isKeptOfDependency, isKeptOfOurs } from "./kept-files.ts";

describe("of a package of ours", () => {
  test.for([
    ["package.json", true],
    ["src/main.ts", true],
    ["src/worker/start-worker.js", true],
    ["src/schema/gen/core.json", true],
    ["src/main.test.ts", false],
    ["src/gen/waystone.d.ts", false],
    ["src/http/h2/testdata/frames.ts", false],
    ["src/testing/grpc-rig.ts", false],
    ["src/store/test-resources.ts", false],
    ["src/crd/waypoint-parameters.ts", false],
    ["bench/route-table.ts", false],
    ["bin/waystone", false],
    ["proto/waystone.proto", false],
  ] as const)("%s: kept is %s", ([file, kept]) => {
    expect(isKeptOfOurs(file)).toBe(kept);
  });
});

describe("of a package of others", () => {
  test.for([
    ["package.json", true],
    ["LICENSE", true],
    ["license", true],
    ["lib/LICENSE.md", true],
    ["index.js", true],
    ["build/index.cjs", true],
    ["dist/doc/Document.js", true],
    ["lib/llhttp/llhttp.wasm", true],
    ["README.md", false],
    ["dist/index.js.map", false],
    ["dist/index.d.ts", false],
    ["src/index.ts", false],
    ["test/index.js", false],
    ["docs/conf.js", false],
    ["lib/parser.test.js", false],
    [".github/workflows/x.json", false],
    [".eslintrc.js", false],
  ] as const)("%s: kept is %s", ([file, kept]) => {
    expect(isKeptOfDependency(file)).toBe(kept);
  });
});
