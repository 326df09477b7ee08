/**
 * From the text of a CEL expression to closures that a request is judged by. Everything that can be told beforehand is: types, names,
 * keys, how often loops go round. No library is loaded for it: a worker would pay 4 MB of memory for the parser (cel-js), which is
 * therefore the oracle of cel-oracle.test.ts alone.
 */
import type { AuthorizationRequest, Destination } from "../authorization-request.ts";
import type { JudgedHeaders } from "../judged-headers.ts";
import { callPart } from "./cel-functions.ts";
import { macroPart } from "./cel-macros.ts";
import { binaryPart, choicePart, unaryPart } from "./cel-operators.ts";
import { CelProblem } from "./cel-problem.ts";
import { CelScope, describeType, elementType } from "./cel-scope.ts";
import { type CelNode, parseCel } from "./cel-syntax.ts";
import { CelFailure, type CelFrame, type CelPart, type CelType, failures, isList } from "./cel-value.ts";
import type { Layer } from "./cel-variables.ts";

/** How many steps an expression may take: some hundred microseconds. */
export const celStepLimit = 10_000;

export interface CelExpression {
  readonly source: string;
  readonly layers: ReadonlySet<Layer>;
  /** That it asks for. */
  readonly headers: JudgedHeaders;
  /** How many steps it takes at most, where texts are short. */
  readonly cost: number;
  evaluate(request: AuthorizationRequest, destination: Destination): boolean | CelFailure;
}

/** A text says what is wrong, and where. */
export function compileCel(source: string): CelExpression | string {
  try {
    const scope = new CelScope(compilePart);
    const part = compilePart(parseCel(source), scope);
    if (part.type !== "bool") return `is ${describeType(part.type)}; it has to be true or false`;
    if (part.cost > celStepLimit) {
      return `could take ${part.cost} steps, more than ${celStepLimit}; nest fewer exists, all, filter and map`;
    }
    return new CompiledExpression(source, part, scope);
  } catch (error) {
    if (error instanceof CelProblem) return error.message;
    throw error;
  }
}

class CompiledExpression implements CelExpression {
  readonly source: string;
  readonly layers: ReadonlySet<Layer>;
  readonly headers: JudgedHeaders;
  readonly cost: number;
  readonly #run: CelPart["run"];
  /** One for all evaluations, as none begins within another. */
  readonly #frame: CelFrame;

  constructor(source: string, { run, cost }: CelPart, scope: CelScope) {
    this.source = source;
    this.layers = scope.layers;
    this.headers = scope.headers;
    this.cost = cost;
    this.#run = run;
    this.#frame = { request: nobody, destination: nowhere, steps: 0, locals: [] };
  }

  evaluate(request: AuthorizationRequest, destination: Destination): boolean | CelFailure {
    const frame = this.#frame;
    frame.request = request;
    frame.destination = destination;
    frame.steps = celStepLimit;
    const value = this.#run(frame);
    // A request is not held on to.
    frame.request = nobody;
    frame.locals.fill(false);
    if (typeof value === "boolean" || value instanceof CelFailure) return value;
    return failures.absent;
  }
}

const nowhere: Destination = { namespace: "", service: "", port: 0 };
const nobody: AuthorizationRequest = {
  client: {
    namespace: "",
    serviceAccount: "",
    label: () => undefined,
    principal: "",
    peerAddress: "",
    remoteAddress: "",
    token: undefined,
  },
  method: "",
  host: "",
  path: "",
  query: "",
  headerValues: () => [],
  timeMs: () => 0,
  expressionFailed: () => undefined,
};

function compilePart(node: CelNode, scope: CelScope): CelPart {
  switch (node.kind) {
    case "literal":
      return literalPart(node.value);
    case "name":
      return scope.local(node);
    case "select":
      return scope.selected(node) ?? scope.lookUp(node, node.of, scope.key(node.field));
    case "index":
      return indexPart(node, scope);
    case "call":
      return macroPart(node, scope) ?? callPart(node, scope);
    case "list":
      return listPart(node, scope);
    case "unary":
      return unaryPart(node, scope);
    case "binary":
      return binaryPart(node, scope);
    case "choice":
      return choicePart(node, scope);
  }
}

function literalPart(value: string | number | boolean): CelPart {
  const type = ({ string: "string", number: "int", boolean: "bool" } as const)[
    typeof value as "string" | "number" | "boolean"
  ];
  return { type, run: () => value, cost: 0, items: 0 };
}

function listPart({ items, at }: CelNode & { kind: "list" }, scope: CelScope): CelPart {
  const parts = items.map((item) => scope.compile(item));
  const first = parts[0]?.type ?? "?";
  const odd = parts.findIndex(({ type }) => type !== first);
  if (odd >= 0) {
    const message = `a list is of one type: ${describeType(parts[odd]!.type)} among ${describeType(first as CelType)}`;
    throw new CelProblem(items[odd]?.at ?? at, message);
  }
  const cost = parts.reduce((sum, part) => sum + part.cost, 1);
  const type: CelType = `list<${first}>`;
  if (items.every(({ kind }) => kind === "literal")) {
    const values = items.flatMap((item) => (item.kind === "literal" ? [item.value] : []));
    return { type, run: () => values, cost: 0, items: values.length };
  }
  const steps = parts.map(({ run }) => run);
  const run: CelPart["run"] = (frame) => {
    const values = steps.map((step) => step(frame));
    return values.find((value) => value instanceof CelFailure) ?? values;
  };
  return { type, run, cost, items: parts.length };
}

function indexPart(node: CelNode & { kind: "index" }, scope: CelScope): CelPart {
  const key = scope.compile(node.key);
  const table = scope.tableAt(node.of);
  if (table !== undefined) return scope.lookUp(node, node.of, key, node.key);
  const list = scope.compile(node.of);
  const item = elementType(list.type);
  if (item === undefined || key.type !== "int") {
    throw new CelProblem(node.at, `${describeType(list.type)} has no [${describeType(key.type)}]`);
  }
  return {
    type: item,
    items: list.items,
    cost: list.cost + key.cost + 1,
    run: (frame) => {
      const values = list.run(frame);
      if (!isList(values)) return values;
      const at = key.run(frame);
      return typeof at === "number" ? (values[at] ?? failures.outOfRange) : at;
    },
  };
}
