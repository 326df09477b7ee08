import { expect, test } from "vitest";
import { matchLabelSelector } from "./label-selector.ts";

const labels = { team: "sales", tier: "front" };

test.for([
  ["an empty selector selects everything", {}, true],
  ["every pair of matchLabels must be there", { matchLabels: { team: "sales", tier: "back" } }, false],
  ["In wants one of the values", { matchExpressions: [expression("team", "In", ["it", "sales"])] }, true],
  ["In is false where the label is missing", { matchExpressions: [expression("zone", "In", ["a"])] }, false],
  [
    "NotIn is true where the label is missing",
    { matchExpressions: [expression("zone", "NotIn", ["a"])] },
    true,
  ],
  [
    "NotIn is false for one of the values",
    { matchExpressions: [expression("team", "NotIn", ["sales"])] },
    false,
  ],
  ["Exists looks at the key alone", { matchExpressions: [expression("tier", "Exists")] }, true],
  ["DoesNotExist looks at the key alone", { matchExpressions: [expression("tier", "DoesNotExist")] }, false],
  [
    "labels and expressions must all hold",
    { matchLabels: { team: "sales" }, matchExpressions: [expression("zone", "Exists")] },
    false,
  ],
] as const)("%s", ([, selector, selected]) => {
  expect(matchLabelSelector(selector, labels)).toBe(selected);
});

function expression(
  key: string,
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist",
  values: readonly string[] = [],
) {
  return { key, operator, values };
}
