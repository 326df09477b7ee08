/** Finds where a field stands in a document. What is not written (a default, a missing field) is where its parent is. */
import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from "yaml";
import type { FieldPath } from "./field-path.ts";
import type { Position } from "./manifest-error.ts";
import { scalarText, type YamlTree } from "./yaml-tree.ts";

export interface FieldPlace extends Position {
  /** The scalar as it was written, where the field has one: `1.20`, not the number 1.2. */
  readonly written?: string;
}

/** "key" points at the field's name, "value" at what it holds; for list items both are the item. */
export function locateField(tree: YamlTree, path: FieldPath, at: "key" | "value"): FieldPlace {
  let node = tree.root;
  let offset = node?.range[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const child = childOf(tree, node, step);
    if (child === undefined) return tree.positionAt(offset);
    const isLast = index === path.length - 1;
    const wantsKey = isLast ? at === "key" : false;
    // An empty value has no place of its own: the name above it has.
    const start = child.value === undefined || isEmpty(child.value) || wantsKey ? child.key : child.value;
    offset = (start ?? child.value ?? child.key)?.range[0] ?? offset;
    node = child.value;
  }
  const position = tree.positionAt(offset);
  return isScalar(node) && node.source !== undefined ? { ...position, written: node.source } : position;
}

interface Child {
  readonly key: ParsedNode | undefined;
  readonly value: ParsedNode | undefined;
}

function childOf(tree: YamlTree, parent: ParsedNode | undefined, step: string | number): Child | undefined {
  if (parent === undefined) return undefined;
  const node = isAlias(parent) ? followAlias(tree, parent) : parent;
  if (isSeq<ParsedNode>(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { key: undefined, value };
  }
  if (!isMap<ParsedNode, ParsedNode | null>(node)) return undefined;
  const pair = node.items.findLast(({ key }) => isScalar(key) && scalarText(key) === String(step));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value ?? undefined };
}

function followAlias(tree: YamlTree, alias: ParsedNode): ParsedNode | undefined {
  if (!isAlias(alias) || tree.root === undefined) return undefined;
  const wanted = alias.source;
  const end = alias.range[0];
  let found: ParsedNode | undefined;
  const look = (node: ParsedNode | null): void => {
    if (node === null || node.range[0] >= end || isAlias(node)) return;
    if (node.anchor === wanted) found = node;
    if (isSeq<ParsedNode>(node)) for (const item of node.items) look(item);
    if (isMap<ParsedNode, ParsedNode | null>(node)) for (const { value } of node.items) look(value);
  };
  look(tree.root);
  return found;
}

function isEmpty(node: ParsedNode): boolean {
  return isScalar(node) && node.range[0] === node.range[1];
}
