/**
 * The ConfigMaps that BackendTLSPolicies name, and no other: each is watched by its name for as long as a policy names it. To
 * follow all of them would cost the memory and the traffic of everything that anybody keeps in ConfigMaps, and a label of
 * ours is nothing that Gateway API asks of their owners.
 *
 * A policy is shown (`policies`) once its ConfigMaps are known, or the wait for them is over; until then its version before
 * is. Otherwise a restart, or a policy that names another ConfigMap, would shut its backends for as long as the answer takes.
 */
import type { ConfigMap } from "@waystone/api/kubernetes/core";
import type { BackendTLSPolicy } from "@waystone/api/kubernetes/gateway";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Collection, CollectionGraph, Event, SourceCollection } from "@waystone/collection/collection";
import type { Reflector } from "@waystone/kube/reflector/reflector";
import type { SourcedObject } from "../model/sources.ts";
import { configMapsOf } from "../translate/policy/ca-certificates.ts";
import { PartOfCollection } from "./part-of-collection.ts";

type Policy = SourcedObject<BackendTLSPolicy>;
type Item = SourcedObject<ConfigMap>;

export interface ConfigMapFollowerOptions {
  readonly graph: CollectionGraph;
  readonly clock: Clock;
  /** As the API server has them. */
  readonly followed: Collection<Policy>;
  /** Watches one by its name. */
  readonly open: (namespace: string, name: string, into: SourceCollection<Item>) => Reflector;
}

/** A policy whose ConfigMaps cannot be read is shown after this, and says so. */
const patienceMs = 2000;
/** Each is a watch: beyond it a policy's ConfigMap counts as not there. */
const followedAtMost = 1000;

interface Watched {
  readonly reflector: Reflector;
  /** Policies that name it. */
  readonly into: PartOfCollection<Item>;
  readonly by: Set<string>;
}

interface Held {
  readonly policy: Policy;
  readonly timer: Timer;
}

export class ConfigMapFollower {
  readonly configMaps: SourceCollection<Item>;
  readonly policies: SourceCollection<Policy>;
  readonly #options: ConfigMapFollowerOptions;
  readonly #watched = new Map<string, Watched>();
  /** Of each policy, what it names. */
  readonly #needs = new Map<string, readonly string[]>();
  readonly #held = new Map<string, Held>();
  readonly #stop: () => void;
  #next = Promise.withResolvers<void>();
  #isClosed = false;

  constructor(options: ConfigMapFollowerOptions) {
    this.#options = options;
    const { graph, followed } = options;
    this.configMaps = graph.source<Item>({ name: "cluster configmaps", key: ({ key }) => key });
    this.policies = graph.source<Policy>({ name: "shown backendtlspolicies", key: ({ key }) => key });
    this.#stop = followed.subscribe((events) => events.forEach((event) => this.#follow(event)), {
      replay: true,
    });
  }

  /** Resolves when no policy is held back any more: each for as long as its patience lasts, at most. */
  async whenSettled(): Promise<void> {
    while (this.#held.size > 0) await this.#next.promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop();
    for (const { timer } of this.#held.values()) timer.cancel();
    this.#held.clear();
    this.#wake();
    await Promise.all([...this.#watched.values()].map(async ({ reflector }) => await reflector.close()));
  }

  #follow(event: Event<Policy>): void {
    const { key } = event;
    this.#held.get(key)?.timer.cancel();
    this.#held.delete(key);
    this.#wake();
    if (event.type === "delete") {
      this.#need(key, []);
      this.policies.delete(key);
      return;
    }
    // What the version before names is still needed until this one is shown.
    this.#need(key, [...(this.#needs.get(key) ?? []), ...needsOf(event.item)]);
    const timer = this.#options.clock.after(patienceMs, () => this.#show(key));
    this.#held.set(key, { policy: event.item, timer });
    if (this.#isKnown(key)) this.#show(key);
  }

  #need(policy: string, names: readonly string[]): void {
    const before = this.#needs.get(policy) ?? [];
    for (const name of names) this.#watch(name, policy);
    for (const name of before) if (!names.includes(name)) this.#unwatch(name, policy);
    if (names.length === 0) this.#needs.delete(policy);
    else this.#needs.set(policy, names);
  }

  #watch(key: string, policy: string): void {
    const watched = this.#watched.get(key);
    if (watched !== undefined) {
      watched.by.add(policy);
      return;
    }
    if (this.#watched.size >= followedAtMost) return;
    const [namespace = "", name = ""] = key.split("/");
    const into = new PartOfCollection(this.configMaps, key);
    const reflector = this.#options.open(namespace, name, into);
    this.#watched.set(key, { reflector, into, by: new Set([policy]) });
    void reflector.whenSynced().then(() => this.#showKnown());
  }

  #unwatch(key: string, policy: string): void {
    const watched = this.#watched.get(key);
    if (watched?.by.delete(policy) !== true || watched.by.size > 0) return;
    this.#watched.delete(key);
    watched.into.end();
    void watched.reflector.close();
  }

  #wake(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  #isKnown(policy: string): boolean {
    return (this.#needs.get(policy) ?? []).every((key) => this.#watched.get(key)?.reflector.isSynced ?? true);
  }

  #showKnown(): void {
    if (this.#isClosed) return;
    for (const key of this.#held.keys()) if (this.#isKnown(key)) this.#show(key);
  }

  #show(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    held.timer.cancel();
    this.#held.delete(key);
    this.policies.set(held.policy);
    this.#need(key, needsOf(held.policy));
    this.#wake();
  }
}

function needsOf({ object: { metadata, spec } }: Policy): readonly string[] {
  return configMapsOf(metadata.namespace ?? "", spec.validation.caCertificateRefs ?? []);
}
