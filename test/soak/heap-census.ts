/**
 * What a heap holds, counted by constructor: the text of a heap snapshot of V8 in, what is in it and what has come since
 * another out. Says what a leak is made of, where live-heap.ts says only that there is one.
 */

/** Of what V8 writes, the part that is read here. */
interface SnapshotText {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly unknown[] };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

export interface Held {
  readonly count: number;
  readonly bytes: number;
}

/** By "type name", as in "object Exchange". */
export type Census = ReadonlyMap<string, Held>;

/** Their names are their contents. */
const unnamed: ReadonlySet<string> = new Set([
  "string",
  "concatenated string",
  "sliced string",
  "number",
  "bigint",
]);

export function takeCensus(text: string): Census {
  const { snapshot, nodes, strings } = JSON.parse(text) as SnapshotText;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeAt, nameAt, sizeAt] = ["type", "name", "self_size"].map((field) => fields.indexOf(field));
  const typeNames = types[typeAt!] as readonly string[];
  const census = new Map<string, { count: number; bytes: number }>();
  for (let at = 0; at < nodes.length; at += fields.length) {
    const type = typeNames[nodes[at + typeAt!]!]!;
    const name = unnamed.has(type) ? type : `${type} ${strings[nodes[at + nameAt!]!]!.slice(0, 80)}`;
    const held = census.get(name) ?? { count: 0, bytes: 0 };
    held.count += 1;
    held.bytes += nodes[at + sizeAt!]!;
    census.set(name, held);
  }
  return census;
}

export interface Growth extends Held {
  readonly name: string;
}

/** What there is more of, the most bytes first. */
export function growthSince(before: Census, now: Census): readonly Growth[] {
  const all: Growth[] = [];
  for (const [name, { count, bytes }] of now) {
    const had = before.get(name) ?? { count: 0, bytes: 0 };
    if (bytes > had.bytes) all.push({ name, count: count - had.count, bytes: bytes - had.bytes });
  }
  return all.sort((a, b) => b.bytes - a.bytes);
}
