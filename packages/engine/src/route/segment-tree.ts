/**
 * Values filed under paths by element, immutable: "/a/b" is the child "b" of the child "a" of the root. Looking up a
 * request's path visits one node per element and stops where the tree ends, however many values there are. A change
 * copies the nodes from the root to the changed one and shares the rest.
 */
import { ShardedMap } from "./sharded-map.ts";

export class SegmentNode<V> {
  readonly value: V | undefined;
  /** Most inner nodes of "/api/v1/users" have one child: its element, then, and no map. */
  readonly onlyKey: string;
  readonly onlyChild: SegmentNode<V> | undefined;
  readonly children: ShardedMap<SegmentNode<V>> | undefined;

  constructor(
    value: V | undefined,
    onlyKey: string,
    onlyChild: SegmentNode<V> | undefined,
    children: ShardedMap<SegmentNode<V>> | undefined,
  ) {
    this.value = value;
    this.onlyKey = onlyKey;
    this.onlyChild = onlyChild;
    this.children = children;
  }
}

/** `prefix` as in PathMatch: "" is the root, else it starts with a slash and is taken element by element. */
export function updateTree<V>(
  root: SegmentNode<V> | undefined,
  prefix: string,
  change: (value: V | undefined) => V | undefined,
): SegmentNode<V> | undefined {
  return updateNode(root, prefix, 0, change);
}

function updateNode<V>(
  node: SegmentNode<V> | undefined,
  prefix: string,
  at: number,
  change: (value: V | undefined) => V | undefined,
): SegmentNode<V> | undefined {
  if (at >= prefix.length) return withValue(node, change(node?.value));
  const end = elementEnd(prefix, at + 1);
  const key = prefix.slice(at + 1, end);
  return withChild(node, key, updateNode(childOf(node, key), prefix, end, change));
}

function withValue<V>(node: SegmentNode<V> | undefined, value: V | undefined): SegmentNode<V> | undefined {
  if (node === undefined)
    return value === undefined ? undefined : new SegmentNode(value, "", undefined, undefined);
  if (value === undefined && node.onlyChild === undefined && node.children === undefined) return undefined;
  return new SegmentNode(value, node.onlyKey, node.onlyChild, node.children);
}

function withChild<V>(
  node: SegmentNode<V> | undefined,
  key: string,
  child: SegmentNode<V> | undefined,
): SegmentNode<V> | undefined {
  const value = node?.value;
  if (node?.children !== undefined) {
    const children = child === undefined ? node.children.without(key) : node.children.with(key, child);
    if (children.size !== 1) return new SegmentNode(value, "", undefined, children);
    const [only] = children.entries();
    return new SegmentNode(value, only![0], only![1], undefined);
  }
  if (node?.onlyChild !== undefined && node.onlyKey !== key) {
    if (child === undefined) return node;
    const both: [string, SegmentNode<V>][] = [
      [node.onlyKey, node.onlyChild],
      [key, child],
    ];
    return new SegmentNode(value, "", undefined, ShardedMap.of(both));
  }
  if (child !== undefined) return new SegmentNode(value, key, child, undefined);
  return value === undefined ? undefined : new SegmentNode(value, "", undefined, undefined);
}

function childOf<V>(node: SegmentNode<V> | undefined, key: string): SegmentNode<V> | undefined {
  if (node === undefined) return undefined;
  if (node.onlyChild !== undefined) return node.onlyKey === key ? node.onlyChild : undefined;
  return node.children?.get(key);
}

function elementEnd(path: string, from: number): number {
  const slash = path.indexOf("/", from);
  return slash < 0 ? path.length : slash;
}

/**
 * Puts the values on the way from the root along `path` into `found`, shortest prefix first, and returns how many.
 * `found` is the caller's, to be used again.
 */
export function collectValues<V>(root: SegmentNode<V> | undefined, path: string, found: V[]): number {
  let count = 0;
  let at = 0;
  for (let node = root; node !== undefined; ) {
    if (node.value !== undefined) found[count++] = node.value;
    if (at >= path.length) break;
    if (node.onlyChild !== undefined) {
      const key = node.onlyKey;
      const end = at + 1 + key.length;
      if (!path.startsWith(key, at + 1) || (end < path.length && path.charCodeAt(end) !== 0x2f)) break;
      at = end;
      node = node.onlyChild;
    } else if (node.children !== undefined) {
      const end = elementEnd(path, at + 1);
      node = node.children.get(path.slice(at + 1, end));
      at = end;
    } else break;
  }
  return count;
}
