/** Macros: has(), and the loops over lists. A loop pays for each round, so that lists of a request cannot make it long. */
import { CelProblem } from "./cel-problem.ts";
import { type CelScope, describeType, elementType, presence } from "./cel-scope.ts";
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
} from "./cel-value.ts";

type Call = CelNode & { kind: "call" };

/** Undefined: it is no macro. */
export function macroPart(node: Call, scope: CelScope): CelPart | undefined {
  if (node.of === undefined) return node.name === "has" ? hasPart(node, scope) : undefined;
  const loop = loops.get(node.name);
  return loop === undefined ? undefined : loopPart(node, node.of, scope, loop);
}

function hasPart({ args, at }: Call, scope: CelScope): CelPart {
  const [asked] = args;
  if (args.length !== 1 || asked?.kind !== "select") {
    throw new CelProblem(at, "has() asks for a field, as in has(token.subject)");
  }
  const { run, cost } = scope.compile(asked);
  return { type: "bool", run: (frame) => presence(run(frame)), cost: cost + 1, items: 0 };
}

/** Goes over the values with the round of each; `place` is where the item is put. */
type Walk = (frame: CelFrame, values: readonly CelValue[], round: CelStep, place: number) => CelValue;

interface Loop {
  readonly body: "bool" | "any";
  readonly result: (item: CelType, body: CelType) => CelType;
  readonly walk: Walk;
}

const isBool = (): CelType => "bool";

const loops: ReadonlyMap<string, Loop> = new Map(
  Object.entries<Loop>({
    exists: { body: "bool", result: isBool, walk: walkUntil(true) },
    all: { body: "bool", result: isBool, walk: walkUntil(false) },
    exists_one: {
      body: "bool",
      result: isBool,
      walk(frame, values, round, place) {
        let count = 0;
        for (let i = 0; i < values.length; i++) {
          frame.locals[place] = values[i]!;
          const value = round(frame);
          if (value instanceof CelFailure) return value;
          if (value === true) count++;
        }
        return count === 1;
      },
    },
    filter: {
      body: "bool",
      result: (item) => `list<${item}>`,
      walk(frame, values, round, place) {
        const kept: CelValue[] = [];
        for (let i = 0; i < values.length; i++) {
          frame.locals[place] = values[i]!;
          const value = round(frame);
          if (value instanceof CelFailure) return value;
          if (value === true) kept.push(values[i]!);
        }
        return kept;
      },
    },
    map: {
      body: "any",
      result: (_, body) => `list<${body}>`,
      walk(frame, values, round, place) {
        const made: CelValue[] = [];
        for (let i = 0; i < values.length; i++) {
          frame.locals[place] = values[i]!;
          const value = round(frame);
          if (value instanceof CelFailure) return value;
          made.push(value);
        }
        return made;
      },
    },
  }),
);

/** As || and &&, over all of them: a failure counts where nothing decides. */
function walkUntil(decisive: boolean): Walk {
  return (frame, values, round, place) => {
    let failure: CelValue | undefined;
    for (let i = 0; i < values.length; i++) {
      frame.locals[place] = values[i]!;
      const value = round(frame);
      if (value === failures.tooCostly || value === decisive) return value;
      if (value instanceof CelFailure) failure = value;
    }
    return failure ?? !decisive;
  };
}

function loopPart({ name, args, at }: Call, of: CelNode, scope: CelScope, loop: Loop): CelPart {
  const list = scope.compile(of);
  const item = elementType(list.type);
  if (item === undefined)
    throw new CelProblem(at, `${name} goes over a list, and not ${describeType(list.type)}`);
  const [variable, inner] = args;
  if (args.length !== 2 || variable?.kind !== "name" || inner === undefined) {
    throw new CelProblem(at, `${name} has a variable and what is asked of it, as in ${name}(x, x == "a")`);
  }
  return scope.bind(variable.name, item, list.items, (place) => {
    const body = loop.body === "bool" ? scope.compileAs("bool", inner) : scope.compile(inner);
    const price = body.cost + 1;
    const round: CelStep = (frame) => (paySteps(frame, price) ? body.run(frame) : failures.tooCostly);
    return {
      type: loop.result(item, body.type),
      items: list.items,
      cost: list.cost + list.items * price + 1,
      run: (frame: CelFrame) => {
        const values = list.run(frame);
        return isList(values) ? loop.walk(frame, values, round, place) : values;
      },
    };
  });
}
