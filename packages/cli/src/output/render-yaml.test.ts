import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { renderYaml } from "./render-yaml.ts";

test("any JSON value, read again as YAML, is the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(parse(renderYaml(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("lists stand below their name, and only what YAML would misread is quoted", () => {
  const value = {
    name: "shop/web",
    empty: [],
    on: "yes",
    ports: [{ port: 80, listen: ["127.0.0.1:80", "::1"] }, 3],
  };
  expect(renderYaml(value)).toBe(
    `name: shop/web
empty: []
"on": "yes"
ports:
- port: 80
  listen:
  - "127.0.0.1:80"
  - "::1"
- 3
`,
  );
});
