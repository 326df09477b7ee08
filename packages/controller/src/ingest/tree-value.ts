/**
 * Turns a YAML tree into plain values as kubectl would: aliases and merge keys expanded (bounded), keys as text, duplicate
 * keys refused. A key like "__proto__" becomes an ordinary own property.
 */
import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from "yaml";
import { resolvePlainScalar } from "./plain-scalar.ts";
import { setOwn } from "./set-own.ts";
import { scalarText, type SyntaxIssue, type YamlTree } from "./yaml-tree.ts";

/** Deeper than any manifest; far from where recursion would exhaust the stack. */
export const deepestNesting = 100;
/** How many values aliases may add to a document: "billion laughs" stop here. */
export const mostAliasedValues = 10_000;

const yamlTag = "tag:yaml.org,2002:";
const scalarTags: ReadonlySet<string> = new Set(["str", "int", "float", "bool", "null"]);

type PlainObject = Record<string, unknown>;

export function valueFromTree(tree: YamlTree): { value: unknown; issue: SyntaxIssue | undefined } {
  const reader = new TreeReader(tree);
  try {
    return { value: tree.root === undefined ? null : reader.read(tree.root, 0), issue: undefined };
  } catch (error) {
    if (error instanceof TreeIssue) return { value: undefined, issue: error.issue };
    throw error;
  }
}

class TreeIssue extends Error {
  readonly issue: SyntaxIssue;
  constructor(issue: SyntaxIssue) {
    super(issue.message);
    this.issue = issue;
  }
}

class TreeReader {
  readonly #tree: YamlTree;
  /** By name: the node that last took it, as YAML lets a name be taken again. */
  readonly #anchors = new Map<string, ParsedNode>();
  readonly #open = new Set<ParsedNode>();
  #aliasDepth = 0;
  #aliased = 0;

  constructor(tree: YamlTree) {
    this.#tree = tree;
  }

  read(node: ParsedNode, depth: number): unknown {
    if (depth > deepestNesting) this.#fail(node, `nested more than ${deepestNesting} levels deep`);
    if (this.#aliasDepth > 0 && ++this.#aliased > mostAliasedValues) {
      this.#fail(node, `aliases add more than ${mostAliasedValues} values to this document`);
    }
    if (isAlias(node)) return this.#readAlias(node, depth);
    if (node.anchor !== undefined && this.#aliasDepth === 0) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#readScalar(node);
    const tag = node.tag?.replace(yamlTag, "");
    if (tag !== undefined && tag !== "map" && tag !== "seq") this.#failTag(node, tag);
    this.#open.add(node);
    const value = isMap(node) ? this.#readMap(node, depth) : this.#readSequence(node, depth);
    this.#open.delete(node);
    return value;
  }

  #readSequence(node: ParsedNode, depth: number): unknown[] {
    if (!isSeq(node)) return [];
    return node.items.map((item) => this.read(item, depth + 1));
  }

  #readMap(node: ParsedNode, depth: number): PlainObject {
    const object: PlainObject = {};
    if (!isMap<ParsedNode, ParsedNode | null>(node)) return object;
    const merged: ParsedNode[] = [];
    const lines = new Map<string, number>();
    for (const { key, value } of node.items) {
      const name = this.#readKey(key);
      if (name === "<<" && isScalar(key) && key.type === "PLAIN" && value !== null) {
        merged.push(value);
        continue;
      }
      const { line } = this.#tree.positionAt(key.range[0]);
      const before = lines.get(name);
      if (before !== undefined)
        this.#fail(key, `the key ${JSON.stringify(name)} is already on line ${before}`);
      lines.set(name, line);
      setOwn(object, name, value === null ? null : this.read(value, depth + 1));
    }
    for (const source of merged) this.#merge(object, source, depth);
    return object;
  }

  /** A key that is written out beats a merged one; among merged ones the first wins. */
  #merge(object: PlainObject, source: ParsedNode, depth: number): void {
    const value = this.read(source, depth + 1);
    for (const part of Array.isArray(value) ? value : [value]) {
      if (typeof part !== "object" || part === null || Array.isArray(part))
        this.#fail(source, '"<<" takes a mapping');
      for (const [name, field] of Object.entries(part as PlainObject)) {
        if (!Object.hasOwn(object, name)) setOwn(object, name, field);
      }
    }
  }

  #readKey(key: ParsedNode): string {
    if (isAlias(key)) {
      const target = this.#anchors.get(key.source);
      if (target !== undefined && isScalar(target)) return scalarText(target);
    }
    if (!isScalar(key)) return this.#fail(key, "a field name must be plain text");
    return scalarText(key);
  }

  #readScalar(node: ParsedNode): unknown {
    if (!isScalar(node)) return undefined;
    const text = scalarText(node);
    const tag = node.tag?.replace(yamlTag, "");
    if (tag !== undefined && !scalarTags.has(tag)) this.#failTag(node, tag);
    if (tag === "str") return text;
    return node.type === "PLAIN" || tag !== undefined ? resolvePlainScalar(text) : text;
  }

  #readAlias(node: ParsedNode, depth: number): unknown {
    if (!isAlias(node)) return undefined;
    const target = this.#anchors.get(node.source);
    if (target === undefined)
      return this.#fail(node, `the alias *${node.source} has no anchor &${node.source} above it`);
    if (this.#open.has(target)) this.#fail(node, `the alias *${node.source} contains itself`);
    this.#aliasDepth++;
    const value = this.read(target, depth + 1);
    this.#aliasDepth--;
    return value;
  }

  #failTag(node: ParsedNode, tag: string): never {
    return this.#fail(node, `the tag ${tag} means nothing in a manifest`);
  }

  #fail(node: ParsedNode, message: string): never {
    throw new TreeIssue({ position: this.#tree.positionAt(node.range[0]), message, isQuoting: true });
  }
}
