import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import { cutsOf, linesOf } from "./testdata/scan-head.ts";

const limits = { extensionBytes: 100, trailerBytes: 200 };

interface Decoded {
  readonly state: "more" | "done" | "bad";
  readonly body: string;
  readonly trailers: readonly (readonly [string, string])[];
  /** Bytes behind the body. */
  readonly rest: string;
}

function decode(text: string, ends: readonly number[] = []): Decoded {
  const bytes = Buffer.from(text, "latin1");
  const decoder = new ChunkedDecoder(limits);
  let body = "";
  let at = 0;
  for (const end of [...ends, bytes.length]) {
    at = decoder.decode(bytes, at, end, (run) => {
      body += run.toString("latin1");
      return true;
    });
    if (decoder.bad) return { state: "bad", body: "", trailers: [], rest: "" };
    if (decoder.done) break;
  }
  const trailers = linesOf(decoder.trailers).map(([name, value]) => [name, value] as const);
  const state = decoder.done ? "done" : "more";
  return { state, body, trailers, rest: decoder.done ? text.slice(at) : "" };
}

const everyByte = (text: string): number[] => Array.from(text, (_, at) => at + 1);

describe("a body is taken out of its chunks", () => {
  test.for([
    ["0\r\n\r\n", "", []],
    ["5\r\nhello\r\n0\r\n\r\n", "hello", []],
    ["5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world", []],
    ["a\r\n0\r\n\r\nGET /\r\n0\r\n\r\n", "0\r\n\r\nGET /", []],
    ["0005\r\nhello\r\n000\r\n\r\n", "hello", []],
    ['5;a;b=c;d="e;\\""\r\nhello\r\n0;z\r\n\r\n', "hello", []],
    [
      "1\r\nx\r\n0\r\nA: b\r\nC:d \r\n\r\n",
      "x",
      [
        ["A", "b"],
        ["C", "d"],
      ],
    ],
  ] as const)("%j is %j", ([text, body, trailers]) => {
    const expected = { state: "done", body, trailers, rest: "GET / HTTP/1.1" };
    expect(decode(`${text}GET / HTTP/1.1`)).toEqual(expected);
    expect(decode(`${text}GET / HTTP/1.1`, everyByte(text))).toEqual(expected);
  });

  test("the consumer can have it stop behind a run", () => {
    const decoder = new ChunkedDecoder(limits);
    const bytes = Buffer.from("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n");
    const runs: string[] = [];
    const stopped = decoder.decode(bytes, 0, bytes.length, (run) => runs.push(run.toString()) > 1);
    expect([stopped, runs]).toEqual([8, ["hello"]]);
    const end = decoder.decode(bytes, stopped, bytes.length, () => true);
    expect([end, decoder.done]).toEqual([bytes.length, true]);
  });

  test("after its end nothing more is taken", () => {
    const decoder = new ChunkedDecoder(limits);
    const bytes = Buffer.from("0\r\n\r\n5\r\nhello\r\n");
    expect(decoder.decode(bytes, 0, bytes.length, () => true)).toBe(5);
    expect(decoder.decode(bytes, 5, bytes.length, () => true)).toBe(5);
  });
});

describe("limits", () => {
  test("a size has 13 digits at most, leading zeros among them", () => {
    expect(decode("0000000000001\r\nx\r\n0\r\n\r\n").state).toBe("done");
    expect(decode("00000000000001\r\nx\r\n0\r\n\r\n").state).toBe("bad");
    expect(decode("fffffffffffff\r\nx").state).toBe("more");
    expect(decode("10000000000000\r\nx").state).toBe("bad");
  });

  test("the extensions of all chunks share one limit", () => {
    const chunk = `1;${"a".repeat(49)}\r\nx\r\n`;
    expect(decode(`${chunk}${chunk}0\r\n\r\n`)).toMatchObject({ state: "done", body: "xx" });
    expect(decode(`${chunk}${chunk}1;a\r\nx\r\n0\r\n\r\n`).state).toBe("bad");
  });

  test("trailers have a limit, in one piece and byte by byte", () => {
    const trailers = (length: number): string => `0\r\nA: ${"x".repeat(length)}\r\n\r\n`;
    for (const text of [trailers(300), trailers(30_000), `0\r\nA: ${"x".repeat(300)}`]) {
      expect(decode(text).state).toBe("bad");
      expect(decode(text, everyByte(text)).state).toBe("bad");
    }
    expect(decode(trailers(150)).state).toBe("done");
  });
});

const extension = fc.constantFrom("", "", ";a", ";a=b", ';a="b c"', ";a;b=c");
const zeros = fc.constantFrom("", "", "0", "000");
const chunk = fc.tuple(fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 40 }), zeros, extension);
const trailer = fc.constantFrom("", "", "A: b\r\n", "A: b\r\nC:\xe9\r\n");

test("any body in any chunks comes out the same however the bytes are cut", () => {
  const encoded = fc.tuple(fc.array(chunk, { maxLength: 5 }), trailer).map(([chunks, lines]) => ({
    body: chunks.map(([data]) => data).join(""),
    text: `${chunks.map(([data, zero, ext]) => `${zero}${data.length.toString(16)}${ext}\r\n${data}\r\n`).join("")}0\r\n${lines}\r\n`,
  }));
  fc.assert(
    fc.property(
      encoded.chain((each) => fc.tuple(fc.constant(each), cutsOf(each.text.length))),
      ([{ body, text }, cuts]) => {
        const whole = decode(`${text}rest`);
        expect(whole).toMatchObject({ state: "done", body, rest: "rest" });
        expect(decode(`${text}rest`, cuts)).toEqual(whole);
      },
    ),
    { numRuns: 1000 },
  );
});

test("wrong bytes are wrong however they are cut", () => {
  const fragment = fc.constantFrom(
    "1\r\nx\r\n",
    "0\r\n",
    "\r\n",
    "\r",
    "\n",
    "5",
    ";a",
    "x",
    " ",
    "A: b\r\n",
    "\0",
  );
  fc.assert(
    fc.property(
      fc
        .array(fragment, { maxLength: 8 })
        .map((parts) => parts.join(""))
        .chain((text) => fc.tuple(fc.constant(text), cutsOf(text.length))),
      ([text, cuts]) => {
        const [whole, cut] = [decode(text), decode(text, cuts)];
        // Trailers are judged line by line, so a wrong line that has not ended may still be waited for.
        if (whole.state === "done" || cut.state !== "more") expect(cut).toEqual(whole);
        else expect(whole.state).not.toBe("done");
      },
    ),
    { numRuns: 2000 },
  );
});
