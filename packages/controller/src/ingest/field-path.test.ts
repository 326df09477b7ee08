import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { formatFieldPath, parseFieldPath } from "./field-path.ts";

test("a path is written as Kubernetes writes it, keys that are no words in quotes", () => {
  expect(formatFieldPath(["spec", "rules", 0, "name"])).toBe("spec.rules[0].name");
  expect(formatFieldPath(["metadata", "labels", "example.com/app"])).toBe(
    'metadata.labels["example.com/app"]',
  );
});

test("a map key in brackets without quotes is read too", () => {
  expect(parseFieldPath("metadata.labels[example.com/app]")).toEqual([
    "metadata",
    "labels",
    "example.com/app",
  ]);
});

test("what is written reads back as it was, whatever the keys", () => {
  const step = fc.oneof(
    fc.nat(),
    fc.string().filter((key) => !/^\d*$/.test(key)),
  );
  fc.assert(
    fc.property(fc.array(step), (path) => {
      expect(parseFieldPath(formatFieldPath(path))).toEqual(path);
    }),
  );
});
