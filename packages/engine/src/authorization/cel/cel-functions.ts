/** Functions and methods. Not here is what nobody needs to decide about a request, and what a request could make expensive. */
import { regexPattern, type RegexTextPattern } from "../../pattern/text-pattern.ts";
import { toByteText } from "../../pattern/byte-text.ts";
import { CelProblem } from "./cel-problem.ts";
import { type CelScope, describeType, elementType } from "./cel-scope.ts";
import type { CelNode } from "./cel-syntax.ts";
import {
  CelFailure,
  type CelFrame,
  type CelPart,
  type CelStep,
  type CelType,
  type CelValue,
  failures,
  isList,
  paySteps,
  stepsOfText,
} from "./cel-value.ts";

type Call = CelNode & { kind: "call" };

/** A method is a function of what is before its dot. */
export function callPart(node: Call, scope: CelScope): CelPart {
  const { name, at, of } = node;
  if (of !== undefined && name === "matches") return matchesPart(node, of, scope);
  if (of === undefined && name === "timestamp") return timestampPart(node);
  const parts = [...(of === undefined ? [] : [of]), ...node.args].map((each) => scope.compile(each));
  const [subject, argument] = parts;
  if (name === "size" && parts.length === 1 && subject !== undefined && isSized(subject.type)) {
    return { type: "int", run: applied(subject.run, sizeOf), cost: subject.cost + 1, items: 0 };
  }
  const one = (of === undefined ? conversions : methods).get(name);
  if (one !== undefined && parts.length === 1 && subject !== undefined && one.of === subject.type) {
    return { type: one.type, run: applied(subject.run, one.apply), cost: subject.cost + 1, items: 0 };
  }
  const test = of === undefined ? undefined : textTests.get(name);
  if (test !== undefined && parts.length === 2 && subject?.type === "string" && argument?.type === "string") {
    return {
      type: "bool",
      run: textTest(subject.run, argument.run, test),
      cost: subject.cost + argument.cost + 1,
      items: 0,
    };
  }
  throw new CelProblem(at, unknownCall(name, of !== undefined, parts));
}

function unknownCall(name: string, isMethod: boolean, parts: readonly CelPart[]): string {
  const types = parts.map(({ type }) => describeType(type)).join(", ");
  const known = isMethod
    ? [
        "size",
        "matches",
        ...textTests.keys(),
        ...methods.keys(),
        "exists",
        "all",
        "exists_one",
        "filter",
        "map",
      ]
    : ["size", "timestamp", "has", ...conversions.keys()];
  if (known.includes(name)) return `${name} is not for ${types === "" ? "nothing" : types}`;
  return `there is no ${name}(); there are ${known.join(", ")}`;
}

interface OfOne {
  readonly of: CelType;
  readonly type: CelType;
  readonly apply: (value: CelValue, frame: CelFrame) => CelValue;
}

const conversions: ReadonlyMap<string, OfOne> = byName({
  int: {
    of: "string",
    type: "int",
    apply: (value) =>
      typeof value === "string" && /^[+-]?[0-9]{1,15}$/.test(value) ? Number(value) + 0 : failures.notNumber,
  },
  string: { of: "int", type: "string", apply: (value) => `${value as number}` },
});

/** Names come from users: nothing is found that was not put there. */
function byName<Value>(entries: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(entries));
}

/** In UTC. */
const ofTime = (read: (date: Date) => number): OfOne => ({
  of: "timestamp",
  type: "int",
  apply: (value) => read(new Date(value as number)),
});

const methods: ReadonlyMap<string, OfOne> = byName({
  lowerAscii: {
    of: "string",
    type: "string",
    apply: (value, frame) => {
      const text = value as string;
      if (!paySteps(frame, stepsOfText(text.length))) return failures.tooCostly;
      return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
    },
  },
  getFullYear: ofTime((date) => date.getUTCFullYear()),
  getMonth: ofTime((date) => date.getUTCMonth()),
  getDate: ofTime((date) => date.getUTCDate()),
  getDayOfMonth: ofTime((date) => date.getUTCDate() - 1),
  getDayOfWeek: ofTime((date) => date.getUTCDay()),
  getHours: ofTime((date) => date.getUTCHours()),
  getMinutes: ofTime((date) => date.getUTCMinutes()),
});

const textTests = byName<(text: string, part: string) => boolean>({
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
});

function textTest(a: CelStep, b: CelStep, test: (text: string, part: string) => boolean): CelStep {
  return (frame) => {
    const text = a(frame);
    if (typeof text !== "string") return text;
    const part = b(frame);
    if (typeof part !== "string") return part;
    // A search may look at every character once for each of the part.
    const steps = stepsOfText(text.length) * (1 + stepsOfText(part.length));
    return paySteps(frame, steps) ? test(text, part) : failures.tooCostly;
  };
}

function applied(run: CelStep, apply: (value: CelValue, frame: CelFrame) => CelValue): CelStep {
  return (frame) => {
    const value = run(frame);
    return value instanceof CelFailure ? value : apply(value, frame);
  };
}

function isSized(type: CelType): boolean {
  return type === "string" || elementType(type) !== undefined;
}

/** Of a text in code points. */
function sizeOf(value: CelValue, frame: CelFrame): CelValue {
  if (isList(value)) return value.length;
  const text = value as string;
  if (!paySteps(frame, stepsOfText(text.length))) return failures.tooCostly;
  let size = 0;
  for (let i = 0; i < text.length; size++) i += text.codePointAt(i)! > 0xffff ? 2 : 1;
  return size;
}

function timestampPart({ args, at }: Call): CelPart {
  const [written] = args;
  if (args.length !== 1 || written?.kind !== "literal" || typeof written.value !== "string") {
    throw new CelProblem(at, 'timestamp() takes a text, as in timestamp("2030-01-31T00:00:00Z")');
  }
  const isWhole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(written.value);
  const time = Date.parse(written.value);
  if (!isWhole || Number.isNaN(time)) {
    throw new CelProblem(
      written.at,
      `${JSON.stringify(written.value)} is no time such as 2030-01-31T00:00:00Z`,
    );
  }
  return { type: "timestamp", run: () => time, cost: 0, items: 0 };
}

/** Somewhere in the text, as in CEL, by RE2's rules and on our automaton. */
function matchesPart({ args, at }: Call, of: CelNode, scope: CelScope): CelPart {
  const subject = scope.compileAs("string", of);
  const [written] = args;
  if (args.length !== 1 || written?.kind !== "literal" || typeof written.value !== "string") {
    throw new CelProblem(
      at,
      "matches() takes an expression in quotes, so that it can be checked and compiled",
    );
  }
  const pattern = compileSearch(written.value, written.at);
  return {
    type: "bool",
    cost: subject.cost + 1,
    items: 0,
    run: (frame) => {
      const text = subject.run(frame);
      if (typeof text !== "string") return text;
      // A step is about eight bytes of the automaton.
      if (!paySteps(frame, text.length >> 3)) return failures.tooCostly;
      return pattern.test(toByteText(text));
    },
  };
}

function compileSearch(source: string, at: number): RegexTextPattern {
  try {
    // First as it stands: what is wrong with it is told in its own words, and no bracket of it closes one of ours.
    regexPattern(source);
    return regexPattern(`(?s:.*)(?:${source})(?s:.*)`);
  } catch (error) {
    throw new CelProblem(at, error instanceof Error ? error.message : String(error));
  }
}
