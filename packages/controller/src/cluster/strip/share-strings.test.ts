import { expect, test } from "vitest";
import { shareStrings } from "./share-strings.ts";

test("a string comes back equal, also when what is known was forgotten in between", () => {
  const share = shareStrings(2);
  const texts = ["a", "b", "c", "a", "b", "d", "e"];
  expect(texts.map((text) => share(text))).toEqual(texts);
});
