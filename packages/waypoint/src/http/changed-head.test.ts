/** Changes of a request's headers: what they come to is what they come to one after the other. */
import { headerLine } from "@waystone/engine/headers/header-line";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import type { HeaderChange } from "@waystone/engine/headers/header-change";
import { changeHead } from "./changed-head.ts";
import { RequestHead } from "./message.ts";

type Line = readonly [name: string, value: string];

const names = fc.constantFrom("Cookie", "X-A", "x-b", "Authorization");
const lines = fc.array(fc.tuple(names, fc.constantFrom("1", "2")), { maxLength: 6 });
const header = fc.tuple(names, fc.constantFrom("8", "9")).map(([name, value]) => headerLine(name, value));
const change: fc.Arbitrary<HeaderChange> = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), header, onlyIfThere: fc.boolean() }),
  fc.record({ kind: fc.constant("add" as const), header, onlyIfAbsent: fc.boolean() }),
  fc.record({ kind: fc.constant("remove" as const), name: names.map((name) => name.toLowerCase()) }),
);

/** One change, as it reads. */
function applyOne(before: readonly Line[], change: HeaderChange): readonly Line[] {
  const lower = change.kind === "remove" ? change.name : change.header.lower;
  const others = before.filter(([name]) => name.toLowerCase() !== lower);
  if (change.kind === "remove") return others;
  const isThere = others.length < before.length;
  const line: Line = [change.header.name, change.header.value];
  if (change.kind === "add") return change.onlyIfAbsent && isThere ? before : [...before, line];
  return change.onlyIfThere && !isThere ? before : [...others, line];
}

test("several changes are those of one after the other, and the head that came stays as it is", () => {
  fc.assert(
    fc.property(lines, fc.array(change, { maxLength: 5 }), (came, changes) => {
      const head = new RequestHead();
      for (const [name, value] of came) head.headers.append(name, value);
      const { text } = head.headers;
      const wanted = changes.reduce(applyOne, came);
      const { headers } = changeHead(head, changes);
      expect(headers.text).toBe(wanted.map(([name, value]) => `${name}: ${value}\r\n`).join(""));
      for (const [name] of wanted) {
        const lower = name.toLowerCase();
        const values = wanted.filter((each) => each[0].toLowerCase() === lower).map(([, value]) => value);
        expect(headers.values(lower)).toEqual(values);
      }
      expect(head.headers.text).toBe(text);
    }),
  );
});
