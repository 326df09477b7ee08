import { expect, test } from "vitest";
import { Problems } from "../route/problems.ts";
import { compileHeaderModifier, type HeaderModifierInput } from "./header-modifier.ts";

function compile(input: HeaderModifierInput): {
  lines: string[];
  removed: string[];
  reasons: readonly string[];
} {
  const problems = new Problems();
  const modifier = compileHeaderModifier(input, "filter", problems);
  return {
    lines: [...modifier.set, ...modifier.add].map((line) => line.line),
    removed: [...modifier.removeNames],
    reasons: problems.reasons,
  };
}

test("set drops the original lines and writes its own, in the case it was written in", () => {
  expect(compile({ set: [{ name: "X-Team", value: "a" }] })).toEqual({
    lines: ["X-Team: a\r\n"],
    removed: ["x-team"],
    reasons: [],
  });
});

test("add keeps the original lines and appends a line of its own", () => {
  expect(compile({ add: [{ name: "X-Team", value: "a,b" }] })).toMatchObject({
    lines: ["X-Team: a,b\r\n"],
    removed: [],
  });
});

test("remove drops by name without case", () => {
  expect(compile({ remove: ["X-A", "x-b"] })).toMatchObject({ lines: [], removed: ["x-a", "x-b"] });
});

test("of entries with equivalent names the first counts (Gateway API, HTTPHeader.name)", () => {
  const set = [
    { name: "X-A", value: "first" },
    { name: "x-a", value: "second" },
  ];
  expect(compile({ set }).lines).toEqual(["X-A: first\r\n"]);
});

test("a value outside of ASCII goes out as UTF-8", () => {
  expect(compile({ set: [{ name: "x", value: "é" }] }).lines).toEqual(["x: \xc3\xa9\r\n"]);
});

test.for(["a\r\nX: y", "a\n", "a\rb", "a\x00b", "a\x7f", " a", "a\t"])(
  "the value %j is refused: it could split the message or lose its blanks (R12)",
  (value) => {
    expect(compile({ set: [{ name: "x", value }], add: [{ name: "y", value }] })).toMatchObject({
      lines: [],
      reasons: [
        "filter.set[0]: the value of x has a control character, or a blank at its start or end",
        "filter.add[0]: the value of y has a control character, or a blank at its start or end",
      ],
    });
  },
);

test.for(["", "a b", "a:b", "é", "a\r\n", "(x)", ":authority"])("%j is not a header name", (name) => {
  const { reasons } = compile({ set: [{ name, value: "v" }], remove: [name] });
  expect(reasons).toHaveLength(2);
  for (const reason of reasons) expect(reason).toContain("is not a header name");
});

test.for([
  ["Content-Length", "it frames the message"],
  ["transfer-encoding", "it frames the message"],
  ["Connection", "it belongs to one connection"],
  ["Upgrade", "it belongs to one connection"],
  ["TE", "it belongs to one connection"],
  ["Expect", "the proxy answers it"],
  ["Host", "use the hostname of a URLRewrite filter"],
] as const)("%s cannot be set, added or removed: %s", ([name, why]) => {
  const header = [{ name, value: "1" }];
  const { lines, removed, reasons } = compile({ set: header, add: header, remove: [name] });
  expect({ lines, removed }).toEqual({ lines: [], removed: [] });
  expect(reasons.map((reason) => reason.split(": ").at(-1))).toEqual([why, why, why]);
});
