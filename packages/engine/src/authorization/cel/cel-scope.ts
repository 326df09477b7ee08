/** What names mean while an expression is compiled: the variables of a request, and those that macros bind around the part at hand. */
import { allJudged, type JudgedHeaders, noHeaders } from "../judged-headers.ts";
import { CelProblem } from "./cel-problem.ts";
import type { CelNode } from "./cel-syntax.ts";
import { type CelPart, type CelType, type CelValue, failures } from "./cel-value.ts";
import { type CelTable, celTables, celVariables, type Layer } from "./cel-variables.ts";

export type CompilePart = (node: CelNode, scope: CelScope) => CelPart;

export class CelScope {
  /** What the expression reads. */
  readonly layers = new Set<Layer>();
  /** By name; "any" where one depends on the request. */
  headers: JudgedHeaders = noHeaders;
  readonly #compile: CompilePart;
  readonly #locals: { name: string; type: CelType; items: number }[] = [];

  constructor(compile: CompilePart) {
    this.#compile = compile;
  }

  compile(node: CelNode): CelPart {
    return this.#compile(node, this);
  }

  /** As `compile`, where the part has to be of a type. */
  compileAs(type: CelType, node: CelNode): CelPart {
    const part = this.compile(node);
    if (part.type !== type) {
      throw new CelProblem(node.at, `is ${describeType(part.type)} where ${describeType(type)} is expected`);
    }
    return part;
  }

  /** `inner` is compiled with one more variable; it is told its place among the locals of the frame. */
  bind<Result>(name: string, type: CelType, items: number, inner: (place: number) => Result): Result {
    this.#locals.push({ name, type, items });
    const result = inner(this.#locals.length - 1);
    this.#locals.pop();
    return result;
  }

  local({ name, at }: CelNode & { kind: "name" }): CelPart {
    const place = this.#locals.findLastIndex((local) => local.name === name);
    const local = this.#locals[place];
    if (local === undefined) {
      const fields = fieldsOf(name);
      const message =
        fields === ""
          ? `there is no ${name}; there are request, source, destination and token`
          : `${name} is asked by its fields: ${fields}`;
      throw new CelProblem(at, message);
    }
    return { type: local.type, items: local.items, cost: 1, run: ({ locals }) => locals[place]! };
  }

  /** A field of request, source, destination or token; undefined: it is none of these. */
  selected(node: CelNode & { kind: "select" }): CelPart | undefined {
    const path = this.#pathOf(node);
    if (path === undefined) return undefined;
    const variable = celVariables.get(path);
    if (variable !== undefined) {
      this.layers.add(variable.layer);
      const { type, read } = variable;
      return { type, run: read, cost: 1, items: type.startsWith("list") ? assumedItems : 0 };
    }
    const message = celTables.has(path)
      ? `${path} is asked by a key, as in ${path}["x"]`
      : `there is no ${path}; there are ${fieldsOf(path.slice(0, path.indexOf(".")))}`;
    throw new CelProblem(node.at, message);
  }

  tableAt(node: CelNode): CelTable | undefined {
    const path = node.kind === "select" ? this.#pathOf(node) : undefined;
    return path === undefined ? undefined : celTables.get(path);
  }

  /** The entry of a table. `written` is the key where it stands in the expression. */
  lookUp(node: CelNode, of: CelNode, key: CelPart, written?: CelNode): CelPart {
    const table = this.tableAt(of);
    if (table === undefined) {
      const { type } = this.compile(of);
      throw new CelProblem(node.at, `${describeType(type)} has no fields`);
    }
    if (key.type !== "string")
      throw new CelProblem(node.at, `a key is a text, and not ${describeType(key.type)}`);
    const name = keyOf(node, of, written);
    if (name !== undefined) checkKey(table, name, written?.at ?? node.at);
    this.layers.add(table.layer);
    if (table.isOfHeaders === true)
      this.headers = allJudged([this.headers, name === undefined ? "any" : [name]]);
    const items = table.valueType.startsWith("list") ? assumedItems : 0;
    return {
      type: table.valueType,
      items,
      cost: key.cost + 1,
      run: (frame) => {
        const name = key.run(frame);
        return typeof name === "string" ? table.lookUp(frame, name) : name;
      },
    };
  }

  /** A key as a part. */
  key(text: string): CelPart {
    return { type: "string", run: () => text, cost: 0, items: 0 };
  }

  #pathOf({ of, field }: CelNode & { kind: "select" }): string | undefined {
    if (of.kind !== "name" || fieldsOf(of.name) === "") return undefined;
    return this.#locals.some(({ name }) => name === of.name) ? undefined : `${of.name}.${field}`;
  }
}

/** Items of a list that a request brings, as far as costs are told beforehand; longer ones are counted when they come. */
const assumedItems = 64;

/** Undefined: it is known when a request comes. */
function keyOf(node: CelNode, of: CelNode, written: CelNode | undefined): string | undefined {
  if (written !== undefined) return written.kind === "literal" ? `${written.value}` : undefined;
  return node.kind === "select" && node !== of ? node.field : undefined;
}

function checkKey(table: CelTable, key: string, at: number): void {
  const problem = table.problemOfKey(key);
  if (problem !== "") throw new CelProblem(at, problem);
}

/** "": there is no such variable. */
function fieldsOf(name: string): string {
  return [...celVariables.keys(), ...celTables.keys()]
    .filter((path) => path.startsWith(`${name}.`))
    .map((path) => path.slice(name.length + 1))
    .join(", ");
}

/** Undefined: it is no list. */
export function elementType(type: CelType): CelType | undefined {
  return type.startsWith("list<") ? (type.slice("list<".length, -1) as CelType) : undefined;
}

/** Whether values of the two may be compared: [] is a list of anything. */
export function isSameType(a: CelType, b: CelType): boolean {
  if (a === b) return true;
  const [left, right] = [elementType(a), elementType(b)];
  if (left === undefined || right === undefined) return false;
  return (left as string) === "?" || (right as string) === "?" || isSameType(left, right);
}

export function describeType(type: CelType): string {
  const element = elementType(type);
  if (element !== undefined) return (element as string) === "?" ? "an empty list" : `a list of ${element}`;
  return { bool: "true or false", int: "a number", string: "a text", timestamp: "a point in time" }[
    type as "bool" | "int" | "string" | "timestamp"
  ];
}

/** Whether something is there: what has() and `in` ask. */
export function presence(value: CelValue): CelValue {
  if (value === failures.absent) return false;
  return value === failures.tooCostly ? value : true;
}
