/**
 * A table of requests and what is to come of them, as docs/policy-tests.md has it. Read with the reader of manifests, so that
 * whatever is wrong is told with file, line and column.
 */
import { suggest } from "@waystone/base/suggest";
import { type FieldPath, formatFieldPath } from "@waystone/controller/ingest/field-path";
import { locateField } from "@waystone/controller/ingest/locate-field";
import { valueFromTree } from "@waystone/controller/ingest/tree-value";
import { buildYamlTree, type YamlTree } from "@waystone/controller/ingest/yaml-tree";
import { CliError } from "../cli-error.ts";
import type { RequestWords } from "../explain/ask.ts";

export interface TestTable {
  readonly file: string;
  /** As written: relative to the file. */
  readonly manifests: readonly string[];
  readonly tests: readonly TableTest[];
}

export interface TableTest {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly request: RequestWords;
  readonly expect: Expectation;
}

export interface Expectation {
  readonly verdict?: "allow" | "deny";
  /** "<namespace>/<route>/<rule>", or "none". */
  readonly route?: string;
  /** "<namespace>/<service>:<port>" */
  readonly backend?: string;
  readonly status?: number;
  /** "<namespace>/<policy>": what decides. */
  readonly policy?: string;
  /** What policies in Shadow mode would do. */
  readonly shadow?: "allow" | "deny";
}

type Fields = Readonly<Record<string, unknown>>;

/** Undefined: a file of something else. Throws a CliError with the place of what is wrong. */
export function parseTestTable(file: string, text: string): TestTable | undefined {
  const tree = buildYamlTree(text, 1);
  const { value, issue } =
    tree.issue === undefined ? valueFromTree(tree) : { value: undefined, issue: tree.issue };
  if (issue !== undefined) {
    // Manifests lie beside tables, and are somebody else's to complain about.
    if (!/^tests:/m.test(text)) return undefined;
    throw new CliError(`${file}:${issue.position.line}:${issue.position.column}: ${issue.message}`);
  }
  if (!isFields(value) || !("tests" in value) || "kind" in value) return undefined;
  const reader = new TableReader(file, tree);
  reader.checkNames(value, [], ["manifests", "tests"]);
  return {
    file,
    manifests: reader.texts(value["manifests"], ["manifests"]),
    tests: reader.list(value["tests"], ["tests"]).map((each, at) => reader.test(each, ["tests", at])),
  };
}

class TableReader {
  readonly #file: string;
  readonly #tree: YamlTree;

  constructor(file: string, tree: YamlTree) {
    this.#file = file;
    this.#tree = tree;
  }

  test(value: unknown, path: FieldPath): TableTest {
    const fields = this.fields(value, path);
    const names = ["name", "from", "to", "method", "path", "host", "headers", "serverName", "time", "expect"];
    this.checkNames(fields, path, names);
    const text = (name: string): string | undefined => this.text(fields[name], [...path, name]);
    const required = (name: string): string => text(name) ?? this.fail(path, `${name} is missing`, "value");
    const method = text("method");
    const target = text("path");
    const request: RequestWords = {
      from: required("from"),
      to: required("to"),
      method,
      path: target,
      host: text("host"),
      serverName: text("serverName"),
      timeMs: this.time(text("time"), [...path, "time"]),
      headers: this.headers(fields["headers"], [...path, "headers"]),
    };
    const { line, column } = locateField(this.#tree, path, "value");
    const name = text("name") ?? `${method ?? "GET"} ${target ?? "/"} from ${request.from} to ${request.to}`;
    return { name, line, column, request, expect: this.expectation(fields["expect"], [...path, "expect"]) };
  }

  expectation(value: unknown, path: FieldPath): Expectation {
    if (value === "allow" || value === "deny") return { verdict: value };
    if (value === undefined)
      this.fail(path, "expect is missing: allow, deny, or what is to come of it", "value");
    if (!isFields(value)) this.fail(path, "must be allow, deny, or a mapping", "value");
    this.checkNames(value, path, ["verdict", "route", "backend", "status", "policy", "shadow"]);
    if (Object.keys(value).length === 0) this.fail(path, "expects nothing", "value");
    const verdict = this.verdict(value["verdict"], [...path, "verdict"]);
    const shadow = this.verdict(value["shadow"], [...path, "shadow"]);
    const route = this.text(value["route"], [...path, "route"]);
    const backend = this.text(value["backend"], [...path, "backend"]);
    const policy = this.text(value["policy"], [...path, "policy"]);
    const status = this.status(value["status"], [...path, "status"]);
    return {
      ...(verdict === undefined ? {} : { verdict }),
      ...(shadow === undefined ? {} : { shadow }),
      ...(route === undefined ? {} : { route }),
      ...(backend === undefined ? {} : { backend }),
      ...(policy === undefined ? {} : { policy }),
      ...(status === undefined ? {} : { status }),
    };
  }

  time(text: string | undefined, path: FieldPath): number | undefined {
    const ms = text === undefined ? 0 : Date.parse(text);
    if (Number.isNaN(ms)) this.fail(path, "must be a time like 2026-01-31T08:30:00Z", "value");
    return text === undefined ? undefined : ms;
  }

  verdict(value: unknown, path: FieldPath): "allow" | "deny" | undefined {
    if (value === undefined || value === "allow" || value === "deny") return value;
    return this.fail(path, "must be allow or deny", "value");
  }

  status(value: unknown, path: FieldPath): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= 100 && value <= 599) return value;
    return this.fail(path, "must be a status from 100 to 599", "value");
  }

  headers(value: unknown, path: FieldPath): readonly (readonly [string, string])[] {
    if (value === undefined) return [];
    return Object.entries(this.fields(value, path)).flatMap(([name, given]) => {
      const values = Array.isArray(given) ? given : [given];
      return values.map((each): [string, string] => [
        name,
        this.text(each, [...path, name]) ?? this.fail([...path, name], "has no value", "value"),
      ]);
    });
  }

  /** Numbers are taken for the texts that they are written as: a header may be 1. */
  text(value: unknown, path: FieldPath): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "string") return value;
    const { written } = locateField(this.#tree, path, "value");
    if (value !== null && typeof value !== "object" && written !== undefined) return written;
    return this.fail(path, "must be a text", "value");
  }

  texts(value: unknown, path: FieldPath): readonly string[] {
    if (value === undefined) return [];
    return this.list(value, path).map((each, at) => this.text(each, [...path, at]) ?? "");
  }

  list(value: unknown, path: FieldPath): readonly unknown[] {
    return Array.isArray(value) ? (value as readonly unknown[]) : this.fail(path, "must be a list", "value");
  }

  fields(value: unknown, path: FieldPath): Fields {
    return isFields(value) ? value : this.fail(path, "must be a mapping", "value");
  }

  checkNames(value: Fields, path: FieldPath, known: readonly string[]): void {
    for (const name of Object.keys(value)) {
      if (known.includes(name)) continue;
      const close = suggest(name, known);
      const hint = close === undefined ? `there are ${known.join(", ")}` : `did you mean ${close}?`;
      this.fail([...path, name], `is not known; ${hint}`, "key");
    }
  }

  fail(path: FieldPath, message: string, at: "key" | "value"): never {
    const { line, column } = locateField(this.#tree, path, at);
    throw new CliError(`${this.#file}:${line}:${column}: ${formatFieldPath(path)}: ${message}`);
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
