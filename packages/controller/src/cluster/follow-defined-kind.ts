/**
 * Follows a kind that a CustomResourceDefinition defines: from when there is one until it goes, in the best version that it
 * serves. Without a definition the kind has no objects, which is as good as having listed them.
 */
import type { Collection, SourceCollection } from "@waystone/collection/collection";
import type { KubeResource } from "@waystone/kube/kube-resource";
import type { Reflector } from "@waystone/kube/reflector/reflector";
import { type DefinedKind, definitionName, servedVersion } from "./followed-kinds.ts";
import type { Definition } from "./strip/strip-definition.ts";

export interface FollowDefinedKindOptions<T> {
  readonly kind: DefinedKind;
  readonly definitions: Collection<Definition>;
  /** All definitions are known from then on. */
  readonly definitionsSynced: Promise<void>;
  readonly into: SourceCollection<T>;
  readonly open: (resource: KubeResource) => Reflector;
}

export type Followed = Pick<Reflector, "isSynced" | "whenSynced" | "close">;

export function followDefinedKind<T>(options: FollowDefinedKindOptions<T>): Followed {
  const follower = new DefinedKindFollower(options);
  follower.start();
  return follower;
}

class DefinedKindFollower<T> implements Followed {
  readonly #options: FollowDefinedKindOptions<T>;
  readonly #synced = Promise.withResolvers<void>();
  #isSynced = false;
  #isClosed = false;
  #stop: () => void = () => {};
  #current: { readonly version: string; readonly reflector: Reflector } | undefined;
  /** One change of version after the other: two reflectors must not write into one collection. */
  #changing: Promise<void> = Promise.resolve();

  constructor(options: FollowDefinedKindOptions<T>) {
    this.#options = options;
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  async whenSynced(): Promise<void> {
    await this.#synced.promise;
  }

  start(): void {
    void this.#begin();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop();
    await this.#changing;
    await this.#current?.reflector.close();
  }

  async #begin(): Promise<void> {
    const { definitions, definitionsSynced, kind } = this.#options;
    await definitionsSynced;
    if (this.#isClosed) return;
    const name = definitionName(kind);
    this.#stop = definitions.subscribe((events) => {
      if (events.some(({ key }) => key === name)) this.#followDefinition();
    });
    this.#followDefinition();
  }

  #followDefinition(): void {
    this.#changing = this.#changing.then(async () => await this.#change());
  }

  async #change(): Promise<void> {
    if (this.#isClosed) return;
    const { definitions, kind, into, open } = this.#options;
    const version = servedVersion(kind, definitions.get(definitionName(kind)));
    // The definition changed in another way: what was refused before may be served now.
    if (version !== undefined && version === this.#current?.version) return this.#current.reflector.recheck();
    await this.#current?.reflector.close();
    this.#current = undefined;
    if (version === undefined) {
      into.replaceAll([]);
      return this.#markSynced();
    }
    // A list replaces what another version left.
    const reflector = open({ ...kind, version });
    this.#current = { version, reflector };
    void reflector.whenSynced().then(() => this.#markSynced());
  }

  #markSynced(): void {
    this.#isSynced = true;
    this.#synced.resolve();
  }
}
