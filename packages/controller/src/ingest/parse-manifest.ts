/**
 * The text of one manifest document -> the objects in it, with their positions. Pure. A List (of any kind) is the objects
 * in its items. The quick reader takes what manifests usually look like; everything else, and every text in which something
 * is wrong, is read by the full YAML parser, which knows positions.
 */
import type { FieldPath } from "./field-path.ts";
import { locateField } from "./locate-field.ts";
import type { Position } from "./manifest-error.ts";
import { readQuickYaml } from "./quick-yaml.ts";
import { type DocumentText, isBlankDocument } from "./split-documents.ts";
import { valueFromTree } from "./tree-value.ts";
import { buildYamlTree, type SyntaxIssue, type YamlTree } from "./yaml-tree.ts";

/** One object of a document, not looked at yet. */
export interface ManifestObject {
  readonly value: unknown;
  /** Where the object is in its document: [] or ["items", n]. */
  readonly path: FieldPath;
  readonly position: Position;
}

export interface ManifestDocument {
  readonly objects: readonly ManifestObject[];
  readonly issue: SyntaxIssue | undefined;
  /** The document's tree, built when first asked for. */
  readonly tree: () => YamlTree;
}

export function parseDocument(document: DocumentText): ManifestDocument {
  let built: YamlTree | undefined;
  let text: string | undefined;
  const textOnce = (): string => (text ??= document.bytes.toString("utf8"));
  const tree = (): YamlTree => (built ??= buildYamlTree(textOnce(), document.line));
  if (isBlankDocument(document.bytes)) return { objects: [], issue: undefined, tree };
  const quick = readQuickYaml(textOnce(), document.line);
  if (quick !== undefined)
    return { objects: listObjects(quick.value, quick.position, tree), issue: undefined, tree };
  const syntax = tree().issue;
  if (syntax !== undefined) return { objects: [], issue: withoutSecrets(syntax, textOnce()), tree };
  const { value, issue } = valueFromTree(tree());
  if (issue !== undefined) return { objects: [], issue: withoutSecrets(issue, textOnce()), tree };
  const position = locateField(tree(), [], "value");
  return { objects: value === null ? [] : listObjects(value, position, tree), issue: undefined, tree };
}

const saysSecret = /\bkind["']?\s*:\s*["']?Secret\b/;

/** A password that begins with * or ! is an alias or a tag to YAML, and such words are quoted otherwise. */
function withoutSecrets(issue: SyntaxIssue, text: string): SyntaxIssue {
  if (issue.isQuoting !== true || !saysSecret.test(text)) return issue;
  const message = "not valid YAML, in a document with a Secret, of which nothing is quoted";
  return { position: issue.position, message, hint: "put values in quotes" };
}

const deepestLists = 4;

function listObjects(
  value: unknown,
  position: Position,
  tree: () => YamlTree,
  path: FieldPath = [],
): readonly ManifestObject[] {
  if (!isList(value) || path.length >= 2 * deepestLists) return [{ value, path, position }];
  return value.items.flatMap((item, index) => {
    const at = [...path, "items", index];
    return listObjects(item, locateField(tree(), at, "value"), tree, at);
  });
}

/** "List", or what `kubectl get httproutes -o yaml` of old said: "HTTPRouteList". */
function isList(value: unknown): value is { readonly items: readonly unknown[] } {
  if (typeof value !== "object" || value === null) return false;
  const { kind, items } = value as { readonly kind?: unknown; readonly items?: unknown };
  return typeof kind === "string" && kind.endsWith("List") && Array.isArray(items);
}
