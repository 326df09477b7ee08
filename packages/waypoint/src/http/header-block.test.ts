import { expect, test } from "vitest";
import { linesOf, scanBlock } from "./h1/testdata/scan-head.ts";
import { HeaderBlock } from "./header-block.ts";
import { Known } from "./known-headers.ts";

const block = scanBlock("Host: a\r\nX-A: 1\r\nx-a:2\r\nCookie: c=1\r\nCOOKIE: c=2\r\nX-AB: 3\r\nEmpty:\r\n");

test("every value of a name is found, in order, whatever the case of the name", () => {
  expect(block.values("x-a")).toEqual(["1", "2"]);
  expect(block.values("cookie")).toEqual(["c=1", "c=2"]);
  expect(block.values("empty")).toEqual([""]);
  expect(block.values("x")).toEqual([]);
  expect(block.values("x-forwarded-for")).toEqual([]);
});

test("names are told in lower case, known ones by number too", () => {
  expect(block.nameAt(4)).toBe("cookie");
  expect([block.indexOfKnown(Known.cookie), block.firstKnown(Known.cookie)]).toEqual([3, "c=1"]);
  expect([block.indexOfKnown(Known.te), block.firstKnown(Known.te)]).toEqual([-1, ""]);
});

test("a block built line by line is the same as one that was scanned", () => {
  const built = new HeaderBlock();
  built.append("Host", "a");
  built.append("X-A", "1");
  expect(linesOf(built)).toEqual(linesOf(scanBlock("Host: a\r\nX-A: 1\r\n")));
  expect(built.text).toBe("Host: a\r\nX-A: 1\r\n");
});

test("a copy stays when the block serves the next message, and has its lines alone", () => {
  const lent = scanBlock("A: 1\r\nb:  2 \r\n");
  const copy = lent.clone();
  lent.clear();
  expect(lent.count).toBe(0);
  expect(copy.text).toBe("A: 1\r\nb: 2\r\n");
  expect(linesOf(copy)).toEqual([
    ["A", "1", 0],
    ["b", "2", 0],
  ]);
});

test("after clear nothing of the message before is found", () => {
  const used = scanBlock("X-A: 1\r\n");
  used.clear();
  expect([used.values("x-a"), used.indexOfKnown(Known.host)]).toEqual([[], -1]);
});

test("a copy without some names has the others as they came, in their order", () => {
  const rest = block.without(["x-a", "cookie"]);
  expect(rest.text).toBe("Host: a\r\nX-AB: 3\r\nEmpty:\r\n");
  expect(linesOf(rest)).toEqual(linesOf(scanBlock(rest.text)));
  expect(block.without(["host", "empty"]).text).toBe(
    "X-A: 1\r\nx-a:2\r\nCookie: c=1\r\nCOOKIE: c=2\r\nX-AB: 3\r\n",
  );
  expect(linesOf(block.without([]))).toEqual(linesOf(block));
  expect(block.without(["host", "x-a", "cookie", "x-ab", "empty"])).toMatchObject({ text: "", count: 0 });
});

test("a copy knows which of its lines are never to be indexed (RFC 7541 6.2.3), and the next message has none", () => {
  const lent = scanBlock("A: 1\r\nb: 2\r\nc: 3\r\n");
  lent.markNeverIndexed(2);
  expect([...lent.clone().neverIndexed!]).toEqual([2]);
  expect([...lent.without(["a"]).neverIndexed!]).toEqual([1]);
  expect(lent.without(["c"]).neverIndexed).toBeUndefined();
  lent.clear();
  expect(lent.neverIndexed).toBeUndefined();
});
