/**
 * Paths of a rule: exact, prefix*, *suffix, and templates in the manner of Envoy's URI templates, as Istio's AuthorizationPolicy
 * has them: {*} is one element that is not empty, {**} any rest, the last operator. Values are brought into the form of requests'
 * paths; one that no normalised path equals is a mistake and refused, because a DENY with it would never deny.
 */
import { normalizePath } from "../path/normalize-path.ts";
import { problemOfText, textValues, type TextValues } from "./text-values.ts";

export type PathValue = { readonly text: string } | { readonly template: PathTemplate };

/** Undefined beside a problem. */
export function parsePathValue(value: string): PathValue | { readonly problem: string } {
  if (/[{}]/.test(value)) return parseTemplate(value);
  const problem = problemOfText(value);
  if (problem !== undefined) return { problem };
  if (value === "*") return { text: value };
  // A suffix is normalised behind something that it can follow.
  const stem = value.startsWith("*") ? `/x${value.slice(1)}` : value.replace(/\*$/, "");
  const path = normalizeLiteral(stem);
  if (typeof path !== "string") return path;
  if (value.startsWith("*")) return { text: `*${path.slice(2)}` };
  return { text: value.endsWith("*") ? `${path}*` : path };
}

function normalizeLiteral(literal: string): string | { readonly problem: string } {
  const path = normalizePath(literal);
  if (typeof path !== "string") return { problem: `${JSON.stringify(literal)} is no path: ${path.refused}` };
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(literal)) {
    return { problem: `${JSON.stringify(literal)} has dot segments, which no normalised path has` };
  }
  return path;
}

export class PathValues implements TextValues {
  readonly #texts: TextValues;
  readonly #templates: readonly PathTemplate[];

  constructor(values: readonly PathValue[]) {
    this.#texts = textValues(values.flatMap((value) => ("text" in value ? [value.text] : [])));
    this.#templates = values.flatMap((value) => ("template" in value ? [value.template] : []));
  }

  test(path: string): boolean {
    if (this.#texts.test(path)) return true;
    for (let i = 0; i < this.#templates.length; i++) if (this.#templates[i]!.test(path)) return true;
    return false;
  }
}

/** Literal texts around single elements: "/shops/", {*}, "/items/", then {**} and what has to come after it. */
export class PathTemplate {
  readonly #literals: readonly string[];
  /** undefined: the path ends with the last literal. */
  readonly #afterRest: string | undefined;

  constructor(literals: readonly string[], afterRest: string | undefined) {
    this.#literals = literals;
    this.#afterRest = afterRest;
  }

  test(path: string): boolean {
    const literals = this.#literals;
    if (!path.startsWith(literals[0]!)) return false;
    let at = literals[0]!.length;
    for (let i = 1; i < literals.length; i++) {
      const slash = path.indexOf("/", at);
      const end = slash < 0 ? path.length : slash;
      if (end === at || !path.startsWith(literals[i]!, end)) return false;
      at = end + literals[i]!.length;
    }
    if (this.#afterRest === undefined) return at === path.length;
    return path.length - at >= this.#afterRest.length && path.endsWith(this.#afterRest);
  }
}

function parseTemplate(value: string): PathValue | { readonly problem: string } {
  const [before = "", after, ...more] = value.split("{**}");
  const literals = before.split("{*}");
  const parts = [...literals, ...(after === undefined ? [] : [after])];
  if (more.length > 0 || parts.some((part) => /[*{}]/.test(part))) {
    const message = `${JSON.stringify(value)}: {*} is one element, and {**} the rest, once and last`;
    return { problem: message };
  }
  // An operator is a whole element: "/" before it, "/" or the end behind it; but {**} may end within one, as in {**}.txt.
  const isWhole =
    literals.every((part, index) => index === literals.length - 1 || part.endsWith("/")) &&
    literals.slice(1).every((part) => part === "" || part.startsWith("/")) &&
    (after === undefined || before.endsWith("/"));
  if (!isWhole) return { problem: `${JSON.stringify(value)}: an element is {*} or text, not both` };
  const path = normalizeLiteral(value.replaceAll(/\{\*{1,2}\}/g, "x"));
  if (typeof path !== "string") return path;
  const normal = (part: string): string => normalizedPart(part);
  return {
    template: new PathTemplate(literals.map(normal), after === undefined ? undefined : normal(after)),
  };
}

/** Of a part of a path that is one. */
function normalizedPart(part: string): string {
  const before = part.startsWith("/") ? "" : "/x";
  const path = normalizePath(`${before}${part}`);
  return typeof path === "string" ? path.slice(before.length) : part;
}
