/** Opens a reflector and its collection for each kind, and knows of all of them together whether they are complete. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { Collection, SourceCollection } from "@waystone/collection/collection";
import { type KubeObject, objectKey } from "@waystone/kube/kube-object";
import { describeResource, type KubeResource } from "@waystone/kube/kube-resource";
import { openReflector } from "@waystone/kube/reflector/open-reflector";
import type { Reflector, ReflectorOptions } from "@waystone/kube/reflector/reflector";
import type { SourcedObject } from "../model/sources.ts";
import type { ClusterSourcesOptions } from "./cluster-sources.ts";
import { followDefinedKind, type Followed } from "./follow-defined-kind.ts";
import { builtInKinds, type DefinedKind, definitionName } from "./followed-kinds.ts";
import { type ShareString, shareStrings } from "./strip/share-strings.ts";
import { type Definition, stripDefinition } from "./strip/strip-definition.ts";

/** Undefined: not wanted. */
export type Strip<T extends KubernetesObject> = (object: T, share: ShareString) => T | undefined;

export class ClusterFollower {
  readonly definitions: Collection<Definition>;
  readonly #options: ClusterSourcesOptions;
  readonly #share = shareStrings();
  readonly #followed = new Map<string, Followed>();
  readonly #definitionsReflector: Reflector;

  constructor(options: ClusterSourcesOptions) {
    this.#options = options;
    const definitions = this.#source<Definition>("definitions", ({ key }) => key);
    const resource = builtInKinds.definitions;
    this.#definitionsReflector = this.#reflect(resource, definitions, stripDefinition, ({ key }) => key);
    this.#followed.set(describeResource(resource), this.#definitionsReflector);
    this.definitions = definitions;
  }

  get definitionsSynced(): Promise<void> {
    return this.#definitionsReflector.whenSynced();
  }

  get waitingFor(): readonly string[] {
    return [...this.#followed].filter(([, { isSynced }]) => !isSynced).map(([name]) => name);
  }

  async whenSynced(): Promise<void> {
    await Promise.all([...this.#followed.values()].map(async (each) => await each.whenSynced()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#followed.values()].map(async (each) => await each.close()));
  }

  /** Objects of a kind of Kubernetes' own. */
  follow<T extends KubernetesObject>(resource: KubeResource, strip: Strip<T>): Collection<SourcedObject<T>> {
    return this.followAs(resource, this.#sourced(strip), ({ key }) => key);
  }

  /** What `strip` makes of them. */
  followAs<T>(
    resource: KubeResource,
    strip: (object: KubeObject) => T | undefined,
    key: (item: T) => string,
  ): Collection<T> {
    const name = describeResource(resource);
    const into = this.#source(name, key);
    this.#followed.set(name, this.#reflect(resource, into, strip, key));
    return into;
  }

  /** Objects of a kind that is there while it is defined. `key` where several kinds are joined. */
  followDefined<T extends KubernetesObject>(
    kind: DefinedKind,
    strip: Strip<T>,
    key: (item: SourcedObject<T>) => string = (item) => item.key,
  ): Collection<SourcedObject<T>> {
    const name = definitionName(kind);
    const into = this.#source(name, key);
    const { definitions, definitionsSynced } = this;
    const open = (resource: KubeResource): Reflector =>
      this.#reflect(resource, into, this.#sourced(strip), key);
    this.#followed.set(name, followDefinedKind({ kind, definitions, definitionsSynced, into, open }));
    return into;
  }

  /** One object of a kind that is not followed as a whole, by its name, until the reflector is closed. */
  followOne<T extends KubernetesObject>(
    resource: KubeResource,
    { namespace, name }: { readonly namespace: string; readonly name: string },
    into: SourceCollection<SourcedObject<T>>,
    strip: Strip<T>,
    rest: Pick<ReflectorOptions<never>, "refusedMaxMs" | "onForbidden"> = {},
  ): Reflector {
    const selection = { namespace, fieldSelector: `metadata.name=${name}`, ...rest };
    return this.#reflect(resource, into, this.#sourced(strip), ({ key }) => key, selection);
  }

  #source<T>(name: string, key: (item: T) => string): SourceCollection<T> {
    return this.#options.graph.source<T>({ name: `cluster ${name}`, key });
  }

  #sourced<T extends KubernetesObject>(
    strip: Strip<T>,
  ): (object: KubeObject) => SourcedObject<T> | undefined {
    return (object) => {
      // The API server has checked it by the kind's schema.
      const stripped = strip(object as T, this.#share);
      return stripped === undefined ? undefined : { key: objectKey(object), object: stripped };
    };
  }

  #reflect<T>(
    resource: KubeResource,
    into: SourceCollection<T>,
    strip: (object: KubeObject) => T | undefined,
    key: (item: T) => string,
    selection: Partial<
      Pick<ReflectorOptions<T>, "namespace" | "fieldSelector" | "refusedMaxMs" | "onForbidden">
    > = {},
  ): Reflector {
    const { transport, graph, clock, rng, logger, metrics } = this.#options;
    return openReflector({
      transport,
      resource,
      ...selection,
      into,
      key,
      strip,
      batch: (write) => graph.batch(write),
      clock,
      rng,
      logger,
      ...(metrics === undefined ? {} : { metrics }),
    });
  }
}
