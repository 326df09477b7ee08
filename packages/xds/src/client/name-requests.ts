/** The names of one type that are asked for one by one, and what of that the server has yet to be told. */

export class NameRequests {
  readonly names = new Set<string>();
  #subscribe = new Set<string>();
  #unsubscribe = new Set<string>();

  /** False where it was asked for already. */
  add(name: string): boolean {
    if (this.names.has(name)) return false;
    this.names.add(name);
    this.#subscribe.add(name);
    return true;
  }

  /** A name that is dropped and asked for again in one turn is told as both: the server then sends it anew. */
  drop(name: string): boolean {
    if (!this.names.delete(name)) return false;
    if (!this.#subscribe.delete(name)) this.#unsubscribe.add(name);
    return true;
  }

  /** What to tell the server, once; undefined where there is nothing. */
  takeChanges(): { subscribe: string[]; unsubscribe: string[] } | undefined {
    if (this.#subscribe.size + this.#unsubscribe.size === 0) return undefined;
    const changes = { subscribe: [...this.#subscribe], unsubscribe: [...this.#unsubscribe] };
    this.#subscribe = new Set();
    this.#unsubscribe = new Set();
    return changes;
  }
}
