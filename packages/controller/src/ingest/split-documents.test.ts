import { expect, test } from "vitest";
import { isBlankDocument, splitDocuments } from "./split-documents.ts";

const split = (text: string): [number, string][] =>
  splitDocuments(Buffer.from(text)).map(({ line, bytes }) => [line, bytes.toString()]);

test("a line that begins with --- begins a document, and each knows its first line", () => {
  expect(split("a: 1\n---\nb: 2\nc: 3\n--- # third\nd: 4")).toEqual([
    [1, "a: 1\n"],
    [2, "---\nb: 2\nc: 3\n"],
    [5, "--- # third\nd: 4"],
  ]);
});

test("--- elsewhere in a line, or with something directly after it, begins nothing", () => {
  expect(split("a: |\n  ---\n  b\nc: ---\n----\n---x\n")).toHaveLength(1);
});

test("a byte order mark is no part of the text, and Windows line ends separate too", () => {
  expect(split("\ufeffa: 1\r\n---\r\nb: 2\r\n")).toEqual([
    [1, "a: 1\r\n"],
    [2, "---\r\nb: 2\r\n"],
  ]);
});

test("the same text has the same digest wherever it stands", () => {
  const [, first, second] = splitDocuments(Buffer.from("x: 1\n---\na: 1\n---\na: 1\n"));
  expect(first?.digest).toBe(second?.digest);
});

test.for<[text: string, isBlank: boolean]>([
  ["", true],
  ["\n  \n# only a comment\n---\n", true],
  ["%YAML 1.2\n", true],
  ["--- # comment\n", false],
  ["---\na: 1\n", false],
  ["null", false],
])("%j is blank: %s", ([text, isBlank]) => {
  expect(isBlankDocument(Buffer.from(text))).toBe(isBlank);
});
