/** What may be there to protect and cannot be read now, by who has it (a file, an object): what is new and what is over. */
import { deepEquals } from "@waystone/collection/deep-equals";
import type { UnreadObject } from "../model/unread-object.ts";
import type { Unread } from "./describe-unread.ts";

export type UnreadPart = Omit<UnreadObject, "key">;

export interface UnreadChange {
  readonly key: string;
  /** Absent: it can be read now, or is gone. */
  readonly unread: UnreadObject | undefined;
}

export const nothingTold: Unread = { kind: undefined, namespace: undefined, refs: undefined };

export class UnreadBook {
  readonly #byOwner = new Map<string, readonly UnreadPart[]>();
  readonly #changes = new Map<string, UnreadChange>();

  /** All that the owner has now. */
  put(owner: string, parts: readonly UnreadPart[]): void {
    const before = this.#byOwner.get(owner) ?? [];
    for (let at = 0; at < Math.max(before.length, parts.length); at++) {
      const key = `${owner} ${at}`;
      const part = parts[at];
      if (part === undefined) this.#changes.set(key, { key, unread: undefined });
      else if (!deepEquals(before[at], part)) this.#changes.set(key, { key, unread: { key, ...part } });
    }
    if (parts.length === 0) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, parts);
  }

  settle(): readonly UnreadChange[] {
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    return changes;
  }
}
