/**
 * Brings single objects to what they should be, and writes only where something differs. An object is in order when it was
 * applied from this very wish and still contains it; where the API server writes a value in its own way ("0.5" becomes
 * "500m"), it is in order when it is as our last write left it.
 */
import { fieldManagers } from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Counter, MetricsRegistry } from "@waystone/base/metrics";
import type { KubeObject } from "@waystone/kube/kube-object";
import { applyObject, deleteObject, getObject } from "@waystone/kube/objects/objects";
import { isOlder } from "@waystone/kube/reflector/resource-version";
import { isConflict } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";
import { appliedHash, appliedHashKey, withAppliedHash } from "./applied-hash.ts";
import { containsWish } from "./contains-wish.ts";
import { type DeployedObject, deployedKey, deployedKinds } from "./deployed-kinds.ts";
import { fingerprint, type LiveObject, liveObject, type LiveObjects } from "./live-objects.ts";
import { defaultReplicas } from "./deploy-settings.ts";

export type Ensured =
  | "in order"
  | "written"
  /** Changed by somebody again and again: the next repair comes in a while. */
  | { readonly retryMs: number }
  /** An object of that name is there and is not ours. */
  | "taken";

interface Written {
  readonly atMs: number;
  readonly hash: string;
  readonly live: LiveObject;
  readonly fingerprint: string;
}

/** How long our own last write is believed over a watch that has not brought it; then what the watch says holds. */
const trustMs = 10_000;
/** Whoever undoes our writes is not fought faster than this. */
const repairMs = 10_000;

export interface DeployedObjectsOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly live: LiveObjects;
  readonly metrics: MetricsRegistry | undefined;
}

export class DeployedObjects {
  readonly #options: DeployedObjectsOptions;
  readonly #written = new Map<string, Written>();
  readonly #repairs: Counter | undefined;

  constructor(options: DeployedObjectsOptions) {
    this.#options = options;
    const help = "Objects of waypoints that others had changed, and that were put right.";
    this.#repairs = options.metrics?.counter("waystone_deployer_repairs_total", help);
  }

  async ensure(wish: DeployedObject): Promise<Ensured> {
    const key = deployedKey(wish.kind, wish.metadata);
    const live = this.#newest(key, wish.kind) ?? (await this.#look(wish));
    if (live === undefined) return await this.#create(wish, key);
    if (!live.isOurs) return "taken";
    const hash = appliedHash(wish);
    const written = this.#written.get(key);
    const isCurrent = live.object.metadata.annotations?.[appliedHashKey] === hash;
    if (isCurrent) {
      if (written?.fingerprint === fingerprint(live) || containsWish(live.object, wish)) return "in order";
      const sinceMs = this.#options.clock.now() - (written?.atMs ?? Number.NEGATIVE_INFINITY);
      if (written?.hash === hash && sinceMs < repairMs) return { retryMs: repairMs - sinceMs };
      this.#repairs?.add(1);
      this.#options.logger.warn({ object: key }, "somebody changed an object of a waypoint; it is put right");
    }
    await this.#apply(keepScale(wish, live), key, hash, true);
    return "written";
  }

  /** Only this very one: another of the same name is somebody's own. */
  async remove({ key, kind, object }: LiveObject): Promise<void> {
    await deleteObject(this.#options.transport, deployedKinds[kind], object.metadata, {
      uid: object.metadata.uid,
      propagation: "Background",
    });
    this.#written.delete(key);
  }

  /** It is gone: what we wrote is not there any more. */
  forget(key: string): void {
    this.#written.delete(key);
  }

  /** As the watch has it, or as our own write left it, where the watch is behind. */
  #newest(key: string, kind: DeployedObject["kind"]): LiveObject | undefined {
    const live = this.#options.live.byKind[kind].get(key);
    const written = this.#written.get(key);
    if (written === undefined || this.#options.clock.now() - written.atMs >= trustMs) return live;
    if (live === undefined) return written.live;
    const [ours, seen] = [written.live, live].map(({ object }) => object.metadata.resourceVersion ?? "0");
    return isOlder(seen ?? "0", ours ?? "0") ? written.live : live;
  }

  /** The watch follows what carries our labels: what is in the way without them is found by its name. */
  async #look({ kind, metadata }: DeployedObject): Promise<LiveObject | undefined> {
    const found = await getObject(this.#options.transport, deployedKinds[kind], metadata);
    return found === undefined ? undefined : liveObject(kind, found);
  }

  /** Not forced: where somebody made one of that name meanwhile, their fields conflict, and nothing is taken over. */
  async #create(wish: DeployedObject, key: string): Promise<Ensured> {
    try {
      await this.#apply(keepScale(wish, undefined), key, appliedHash(wish), false);
      return "written";
    } catch (thrown) {
      if (isConflict(thrown)) return "taken";
      throw thrown;
    }
  }

  async #apply(object: DeployedObject, key: string, hash: string, isForced: boolean): Promise<void> {
    const { transport, clock } = this.#options;
    const marked = withAppliedHash(object, hash);
    const answer = await applyObject<KubeObject>(transport, deployedKinds[object.kind], marked, {
      fieldManager: fieldManagers.controller,
      isForced,
    });
    const live = liveObject(object.kind, answer);
    this.#written.set(key, { atMs: clock.now(), hash, live, fingerprint: fingerprint(live) });
  }
}

/**
 * Replicas are the autoscaler's, and yet applied: a field that its last owner no longer names falls back to the API server's
 * default, one pod, until the autoscaler looks again. As many as there are is what both want.
 */
function keepScale(wish: DeployedObject, live: LiveObject | undefined): DeployedObject {
  if (wish.kind !== "Deployment" || hasReplicas(wish.spec)) return wish;
  return { ...wish, spec: { ...wish.spec, replicas: live?.object.spec?.replicas ?? defaultReplicas } };
}

function hasReplicas(spec: object | undefined): boolean {
  return spec !== undefined && "replicas" in spec;
}
