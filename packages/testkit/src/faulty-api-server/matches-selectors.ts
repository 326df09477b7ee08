/** Label and field selectors, as far as they are used: equality, inequality, existence; metadata.name and namespace. */
import { child, type JsonObject, textAt } from "./json.ts";

export interface Selectors {
  readonly namespace: string | undefined;
  readonly labels: string;
  readonly fields: string;
}

export function matchesSelectors(object: JsonObject, { namespace, labels, fields }: Selectors): boolean {
  if (namespace !== undefined && textAt(object, "metadata", "namespace") !== namespace) return false;
  const valueOfLabel = (name: string): string | undefined =>
    textAt(child(object, "metadata", "labels"), name);
  const valueOfField = (name: string): string | undefined => textAt(object, ...name.split("."));
  return matchesAll(labels, valueOfLabel) && matchesAll(fields, valueOfField);
}

function matchesAll(selector: string, valueOf: (name: string) => string | undefined): boolean {
  const terms = selector.split(",").filter((term) => term !== "");
  return terms.every((term) => {
    const [, name = "", operator, wanted] = /^([^!=]+)(?:(!=|==?)(.*))?$/.exec(term) ?? [];
    if (term.startsWith("!")) return valueOf(term.slice(1)) === undefined;
    if (operator === undefined) return valueOf(name) !== undefined;
    return (valueOf(name) === wanted) !== (operator === "!=");
  });
}
