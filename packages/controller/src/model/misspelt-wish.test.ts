/** Keys that were meant for us, and those that were not. */
import { expect, test } from "vitest";
import { describeMisspelt, findMisspeltWishes } from "./misspelt-wish.ts";

const meta = (key: string, place: "annotations" | "labels" = "annotations") => ({
  name: "web",
  [place]: { [key]: "waypoint" },
});

test.for([
  ["waystone.dev/use-waypiont", "waystone.dev/use-waypoint"],
  ["waystone.dev/use_waypoint", "waystone.dev/use-waypoint"],
  ["waystone.dv/use-waypoint", "waystone.dev/use-waypoint"],
  ["istio.io/use-waypont", "waystone.dev/use-waypoint"],
  ["use-waypoint", "waystone.dev/use-waypoint"],
  ["waystone.dev/use-waypoint-namspace", "waystone.dev/use-waypoint-namespace"],
] as const)("%s: did you mean %s?", ([written, meant]) => {
  expect(findMisspeltWishes(meta(written))).toEqual([{ place: "annotations", written, meant }]);
});

test.for([
  "waystone.dev/use-waypoint",
  "waystone.dev/use-waypoint-namespace",
  "waystone.dev/waypoint",
  "waystone.dev/shadow-of",
  "istio.io/use-waypoint",
  "istio.io/use-waypoint-namespace",
  "istio.io/rev",
  "example.com/use-waypiont",
  "a/b/c",
  "app",
])("%s is what it says, or somebody else's", (key) => {
  expect(findMisspeltWishes(meta(key))).toEqual([]);
});

test("a label is one as well, and is called one", () => {
  const [found] = findMisspeltWishes(meta("waystone.dev/use-waypiont", "labels"));
  expect(describeMisspelt(found!)).toBe(
    "label waystone.dev/use-waypiont is read by nobody: did you mean waystone.dev/use-waypoint?",
  );
});
