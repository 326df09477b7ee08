/**
 * An immutable Map by string for many reads and few, small writes: a new version shares all of the old one but one small
 * shard. Reads cost one Map lookup and a few operations to find the shard, however large the map is.
 */

const entriesPerShard = 32;

export class ShardedMap<V> {
  readonly size: number;
  readonly #shards: readonly ReadonlyMap<string, V>[];

  private constructor(shards: readonly ReadonlyMap<string, V>[], size: number) {
    this.#shards = shards;
    this.size = size;
  }

  /** All empty maps are one: a table of a Service with one route has more than one of them. */
  static readonly #empty: ShardedMap<never> = new ShardedMap<never>([new Map<string, never>()], 0);

  static of<V>(entries: Iterable<readonly [string, V]> = []): ShardedMap<V> {
    const all = new Map(entries);
    return all.size === 0 ? ShardedMap.#empty : new ShardedMap(distribute(all, all.size), all.size);
  }

  get(key: string): V | undefined {
    const shards = this.#shards;
    return shards[shards.length === 1 ? 0 : shardOf(key, shards.length)]!.get(key);
  }

  with(key: string, value: V): ShardedMap<V> {
    const index = shardOf(key, this.#shards.length);
    const shard = new Map(this.#shards[index]);
    const size = this.size + (shard.has(key) ? 0 : 1);
    shard.set(key, value);
    const shards = this.#shards.with(index, shard);
    if (size <= shards.length * entriesPerShard) return new ShardedMap(shards, size);
    return new ShardedMap(distribute(entriesOf(shards), size * 4), size);
  }

  without(key: string): ShardedMap<V> {
    const index = shardOf(key, this.#shards.length);
    if (!this.#shards[index]!.has(key)) return this;
    const shard = new Map(this.#shards[index]);
    shard.delete(key);
    const size = this.size - 1;
    const shards = this.#shards.with(index, shard);
    // Shrinks late, so that a map at a boundary does not move back and forth.
    if (shards.length === 1 || size * 16 > shards.length * entriesPerShard)
      return new ShardedMap(shards, size);
    return new ShardedMap(distribute(entriesOf(shards), size), size);
  }

  *entries(): Iterable<readonly [string, V]> {
    yield* entriesOf(this.#shards);
  }
}

function* entriesOf<V>(shards: readonly ReadonlyMap<string, V>[]): Iterable<readonly [string, V]> {
  for (const shard of shards) yield* shard;
}

/** Shards enough for `capacity` entries. */
function distribute<V>(
  entries: Iterable<readonly [string, V]>,
  capacity: number,
): readonly ReadonlyMap<string, V>[] {
  let count = 1;
  while (count * entriesPerShard < capacity) count *= 2;
  const shards: Map<string, V>[] = Array.from({ length: count }, () => new Map<string, V>());
  for (const [key, value] of entries) shards[shardOf(key, count)]!.set(key, value);
  return shards;
}

/**
 * From the length and the last eight characters, where names that are made by counting differ. Names that all fall into
 * one shard make writes slower and nothing else.
 */
function shardOf(key: string, count: number): number {
  let hash = key.length;
  for (let i = Math.max(0, key.length - 8); i < key.length; i++)
    hash = Math.imul(hash, 31) + key.charCodeAt(i);
  return (hash ^ (hash >>> 15)) & (count - 1);
}
