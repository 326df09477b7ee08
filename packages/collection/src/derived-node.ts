/**
 * A collection computed from another, item by item. An input item runs again when it changes, or when an answer that its
 * latest run got from its context changes; at most once per pass.
 *
 * A run that throws costs only its own item: the outputs of the run before stay (last good), the error is reported, and it
 * runs again when something that the failed run saw changes.
 */
import type { FetchContext } from "./collection.ts";
import { Claims } from "./claims.ts";
import { CollectionError, reasonOf } from "./collection-error.ts";
import { CollectionNode, type NodeOptions } from "./collection-node.ts";
import { ItemContext } from "./item-context.ts";
import { Asker } from "./question.ts";
import type { Settler } from "./settler.ts";

export interface DerivedOptions<I, O> extends NodeOptions<O> {
  readonly input: CollectionNode<I>;
  /** Always a list here: an output that is itself an array must not be taken for many. */
  readonly transform: (context: FetchContext, item: I) => readonly O[];
  readonly key: (item: O) => string;
}

const none: readonly string[] = [];

class InputItem extends Asker {
  /** The keys that it claims: mostly one or none, and there may be as many items as there are pods. */
  claimed: readonly string[] = none;
}

interface Run<O> {
  readonly inputKey: string;
  readonly before: readonly string[];
  readonly outputs: ReadonlyMap<string, O>;
}

export class DerivedNode<I, O> extends CollectionNode<O> {
  readonly #options: DerivedOptions<I, O>;
  readonly #context: ItemContext;
  readonly #claims = new Claims<O>((key, item) => this.put(key, item));
  readonly #inputItems = new Map<string, InputItem>();
  readonly #stale = new Set<string>();

  constructor(settler: Settler, options: DerivedOptions<I, O>) {
    super(settler, options);
    this.#options = options;
    this.#context = new ItemContext(this);
    for (const key of options.input.items.keys()) this.markStale(key);
    options.input.dependents.push(this);
  }

  markStale(inputKey: string): void {
    this.#stale.add(inputKey);
    this.isStale = true;
  }

  protected override takeIn(): void {
    const runs: Run<O>[] = [];
    for (const inputKey of this.#stale) {
      const run = this.#run(inputKey);
      if (run !== undefined) runs.push(run);
    }
    this.#stale.clear();
    // All releases come before all claims, so that a key may move from one input to another without a collision.
    for (const run of runs) this.#release(run);
    for (const run of runs) this.#claim(run);
  }

  /** The outputs of one input item; undefined where the run failed and those before stay. */
  #run(inputKey: string): Run<O> | undefined {
    const input = this.#options.input.items.get(inputKey);
    const known = this.#inputItems.get(inputKey);
    if (input === undefined) {
      known?.close();
      this.#inputItems.delete(inputKey);
      return { inputKey, before: known?.claimed ?? none, outputs: new Map() };
    }
    const item = known ?? this.#admit(inputKey);
    try {
      const outputs = this.#context.run(item, (context) =>
        this.#keyed(inputKey, this.#options.transform(context, input)),
      );
      const before = item.claimed;
      item.claimed = outputs.size === 0 ? none : [...outputs.keys()];
      return { inputKey, before, outputs };
    } catch (thrown) {
      this.#report("transform", inputKey, `${inputKey} can't be transformed: ${reasonOf(thrown)}`, thrown);
      return undefined;
    }
  }

  #admit(inputKey: string): InputItem {
    const item = new InputItem(this, inputKey);
    this.#inputItems.set(inputKey, item);
    return item;
  }

  #keyed(inputKey: string, outputs: readonly O[]): ReadonlyMap<string, O> {
    const keyed = new Map<string, O>();
    for (const output of outputs) {
      const key = this.#options.key(output);
      if (keyed.has(key))
        this.#report("collision", key, `${inputKey} yields ${key} twice: the first is kept`);
      else keyed.set(key, output);
    }
    return keyed;
  }

  #release({ inputKey, before, outputs }: Run<O>): void {
    for (const key of before) if (!outputs.has(key)) this.#claims.release(key, inputKey);
  }

  #claim({ inputKey, before, outputs }: Run<O>): void {
    for (const [key, output] of outputs) {
      if (this.#claims.claim(key, inputKey, output) || before.includes(key)) continue;
      const owner = this.#claims.ownerOf(key);
      this.#report(
        "collision",
        key,
        `${key} comes from both ${owner} and ${inputKey}: that of ${owner} is kept`,
      );
    }
  }

  #report(kind: "transform" | "collision", key: string, message: string, cause?: unknown): void {
    const at = { collection: this.name, key, ...(cause === undefined ? {} : { cause }) };
    this.settler.report(new CollectionError(kind, at, `${this.name}: ${message}`));
  }
}
