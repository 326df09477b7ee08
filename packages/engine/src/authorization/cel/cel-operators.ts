/** Operators. `&&` and `||` take a failure on one side as unknown: the other side may decide alone (CEL, "Logical Operators"). */
import { CelProblem } from "./cel-problem.ts";
import { type CelScope, describeType, elementType, isSameType, presence } from "./cel-scope.ts";
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

type Binary = CelNode & { kind: "binary" };

export function unaryPart({ operator, of }: CelNode & { kind: "unary" }, scope: CelScope): CelPart {
  const { run, cost } = scope.compileAs(operator === "!" ? "bool" : "int", of);
  if (operator === "!") {
    const not: CelStep = (frame) => {
      const value = run(frame);
      return typeof value === "boolean" ? !value : value;
    };
    return { type: "bool", run: not, cost: cost + 1, items: 0 };
  }
  const minus: CelStep = (frame) => {
    const value = run(frame);
    return typeof value === "number" ? 0 - value : value;
  };
  return { type: "int", run: minus, cost: cost + 1, items: 0 };
}

export function choicePart(node: CelNode & { kind: "choice" }, scope: CelScope): CelPart {
  const condition = scope.compileAs("bool", node.condition);
  const yes = scope.compile(node.whenTrue);
  const no = scope.compile(node.whenFalse);
  if (!isSameType(yes.type, no.type)) {
    const message = `is ${describeType(yes.type)} or ${describeType(no.type)}; both have to be the same`;
    throw new CelProblem(node.whenFalse.at, message);
  }
  return {
    type: yes.type,
    items: Math.max(yes.items, no.items),
    cost: condition.cost + Math.max(yes.cost, no.cost) + 1,
    run: (frame) => {
      const value = condition.run(frame);
      if (value === true) return yes.run(frame);
      return value === false ? no.run(frame) : value;
    },
  };
}

export function binaryPart(node: Binary, scope: CelScope): CelPart {
  const { operator } = node;
  if (operator === "&&" || operator === "||") return logicPart(node, scope);
  if (operator === "in") return inPart(node, scope);
  const left = scope.compile(node.left);
  const right = scope.compile(node.right);
  const { type, run } = operationOf(node, left, right);
  return { type, run, cost: left.cost + right.cost + 1, items: left.items + right.items };
}

function logicPart({ operator, left, right }: Binary, scope: CelScope): CelPart {
  const one = scope.compileAs("bool", left);
  const other = scope.compileAs("bool", right);
  const decisive = operator === "||";
  return {
    type: "bool",
    items: 0,
    cost: one.cost + other.cost + 1,
    run: (frame) => {
      const first = one.run(frame);
      if (first === decisive) return decisive;
      const second = other.run(frame);
      return second === decisive || typeof first === "boolean" ? second : first;
    },
  };
}

function inPart({ left, right, at }: Binary, scope: CelScope): CelPart {
  const one = scope.compile(left);
  if (scope.tableAt(right) !== undefined) {
    const entry = scope.lookUp(right, right, one, left);
    return { type: "bool", items: 0, cost: entry.cost, run: (frame) => presence(entry.run(frame)) };
  }
  const list = scope.compile(right);
  if (!isSameType(`list<${one.type}>`, list.type)) {
    throw new CelProblem(at, `${describeType(one.type)} cannot be in ${describeType(list.type)}`);
  }
  return {
    type: "bool",
    items: 0,
    cost: one.cost + list.cost + list.items + 1,
    run: (frame) => {
      const value = one.run(frame);
      if (value instanceof CelFailure) return value;
      const values = list.run(frame);
      if (!isList(values)) return values;
      for (let i = 0; i < values.length; i++) {
        const same = isEqual(frame, value, values[i]!);
        if (same !== false) return same;
      }
      return false;
    },
  };
}

interface Operation {
  readonly type: CelType;
  readonly run: CelStep;
}

function operationOf({ operator, at }: Binary, left: CelPart, right: CelPart): Operation {
  const [a, b] = [left.run, right.run];
  const isSame = isSameType(left.type, right.type);
  if (isSame && (operator === "==" || operator === "!=")) {
    const wanted = operator === "==";
    const run = both(a, b, (x, y, frame) => {
      const same = isEqual(frame, x, y);
      return typeof same === "boolean" ? same === wanted : same;
    });
    return { type: "bool", run };
  }
  const order = orders[operator];
  if (isSame && order !== undefined && ["int", "string", "timestamp"].includes(left.type)) {
    return { type: "bool", run: both(a, b, (x, y) => order(compare(x, y))) };
  }
  const arithmetic = arithmetics[operator];
  if (isSame && arithmetic !== undefined && left.type === "int") {
    return { type: "int", run: both(a, b, (x, y) => exact(arithmetic(x as number, y as number))) };
  }
  if (isSame && operator === "+" && left.type === "string") return { type: "string", run: both(a, b, join) };
  if (isSame && operator === "+" && elementType(left.type) !== undefined) {
    return { type: left.type, run: both(a, b, joinLists) };
  }
  throw new CelProblem(
    at,
    `${describeType(left.type)} ${operator} ${describeType(right.type)} is not possible`,
  );
}

/** Types were checked when the expression was compiled. */
function both(
  a: CelStep,
  b: CelStep,
  combine: (x: CelValue, y: CelValue, frame: CelFrame) => CelValue,
): CelStep {
  return (frame) => {
    const x = a(frame);
    if (x instanceof CelFailure) return x;
    const y = b(frame);
    return y instanceof CelFailure ? y : combine(x, y, frame);
  };
}

const orders: Readonly<Record<string, (difference: number) => boolean>> = {
  "<": (difference) => difference < 0,
  "<=": (difference) => difference <= 0,
  ">": (difference) => difference > 0,
  ">=": (difference) => difference >= 0,
};

function compare(x: CelValue, y: CelValue): number {
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

const arithmetics: Readonly<Record<string, (x: number, y: number) => number>> = {
  "+": (x, y) => x + y,
  "-": (x, y) => x - y,
  "*": (x, y) => x * y,
  "/": (x, y) => (y === 0 ? Number.NaN : Math.trunc(x / y)),
  "%": (x, y) => x % y,
};

/** There is no -0 among integers. */
function exact(value: number): CelValue {
  return Number.isSafeInteger(value) ? value + 0 : failures.outOfRange;
}

function join(x: CelValue, y: CelValue, frame: CelFrame): CelValue {
  const [before, after] = [x as string, y as string];
  return paySteps(frame, stepsOfText(before.length + after.length)) ? before + after : failures.tooCostly;
}

function joinLists(x: CelValue, y: CelValue, frame: CelFrame): CelValue {
  if (!isList(x) || !isList(y)) return failures.absent;
  return paySteps(frame, x.length + y.length) ? [...x, ...y] : failures.tooCostly;
}

function isEqual(frame: CelFrame, x: CelValue, y: CelValue): boolean | CelFailure {
  if (isList(x) && isList(y)) {
    if (x.length !== y.length) return false;
    for (let i = 0; i < x.length; i++) {
      const same = isEqual(frame, x[i]!, y[i]!);
      if (same !== true) return same;
    }
    return true;
  }
  const steps = typeof x === "string" ? 1 + stepsOfText(x.length) : 1;
  return paySteps(frame, steps) ? x === y : failures.tooCostly;
}
