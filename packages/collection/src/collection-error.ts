/** What went wrong inside a graph of collections, in a form that a log line or a condition can be made of. */

export type CollectionErrorKind =
  /** A transformation (or the key function of its outputs) threw. Its input item keeps the outputs it had before. */
  | "transform"
  /** An output has a key that another input item yields already. The first to come stays. */
  | "collision"
  /** The values function of an index threw: the item is found under no value. */
  | "index"
  /** A subscriber threw. Others got their events all the same. */
  | "listener"
  /** Listeners wrote in answer to each other's writes without end. */
  | "endless";

export class CollectionError extends Error {
  readonly kind: CollectionErrorKind;
  /** The collection, or index, in which it happened. */
  readonly collection: string;
  /** "transform": the input item's key; "collision": the output's; "index": the item's. */
  readonly key: string | undefined;

  constructor(
    kind: CollectionErrorKind,
    at: { readonly collection: string; readonly key?: string; readonly cause?: unknown },
    message: string,
  ) {
    super(message, at.cause === undefined ? {} : { cause: at.cause });
    this.name = "CollectionError";
    this.kind = kind;
    this.collection = at.collection;
    this.key = at.key;
  }
}

/** The one line of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
