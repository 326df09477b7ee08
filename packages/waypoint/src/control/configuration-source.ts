/**
 * Where a waypoint's configuration comes from: a controller, or for as long as there is none at start-up, the last good
 * file. The client is the delta protocol's state machine; what connects it (gRPC, or a pairing within the process) is
 * given. Ends with close().
 */
import { savedTypeUrls, type TypeUrl, wildcardTypeUrls } from "@waystone/api/names";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import { createDeltaClient, type DeltaClient } from "@waystone/xds/client/delta-client";
import type { ApplyDelta, EncodedResource, ResourceDelta } from "@waystone/xds/resource";
import { lastGoodPath, loadLastGood } from "./last-good-file.ts";
import { LastGoodKeeper } from "./last-good-keeper.ts";
import type { WorkloadSubscriptions } from "./workload-subscriptions.ts";

export interface ConfigurationSourceOptions {
  /** "<namespace>/<gateway>/<instance>", or "*" with an instance. */
  readonly nodeId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Connects a client until closed. Called again with a client that knows more, after the one before was closed. */
  readonly connect: (client: DeltaClient) => { close(): void };
  /** Where the last good file is kept; undefined: nowhere. */
  readonly stateDir: string | undefined;
  readonly apply: ApplyDelta;
  /** What is in use. */
  readonly configuration: () => readonly ResourceDelta[];
  readonly subscriptions: WorkloadSubscriptions;
  /** Everything that is needed to serve is in use: from the controller, or from the file. Called once. */
  readonly onComplete: () => void;
}

/** Without a word from a controller for this long, a waypoint starts from the file. */
const patienceMs = 5_000;

export class ConfigurationSource {
  readonly #options: ConfigurationSourceOptions;
  readonly #scope: string;
  readonly #file: string | undefined;
  readonly #keeper: LastGoodKeeper | undefined;
  #connection: { close(): void } | undefined;
  #client: DeltaClient | undefined;
  #patience: Timer | undefined;
  #isComplete = false;
  #isClosed = false;

  constructor(options: ConfigurationSourceOptions) {
    const { nodeId, clock, logger, stateDir, configuration } = options;
    this.#options = options;
    this.#scope = nodeId.slice(0, nodeId.lastIndexOf("/"));
    this.#file = stateDir === undefined ? undefined : lastGoodPath(stateDir);
    if (this.#file !== undefined) {
      this.#keeper = new LastGoodKeeper({
        file: this.#file,
        scope: this.#scope,
        clock,
        logger,
        configuration,
      });
    }
  }

  open(): void {
    this.#connect([]);
    if (this.#file !== undefined) this.#waitForController();
  }

  /** Has a resource sent once more, so that another verdict can be given about it. */
  askAgain(typeUrl: TypeUrl, name: string): void {
    this.#client?.unsubscribe(typeUrl, name);
    this.#client?.subscribe(typeUrl, name);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#patience?.cancel();
    this.#connection?.close();
    this.#options.subscriptions.close();
    await this.#keeper?.close();
  }

  #connect(saved: readonly EncodedResource[]): void {
    const { nodeId, clock, logger, connect, subscriptions } = this.#options;
    const client = createDeltaClient({
      nodeId,
      wildcardTypes: wildcardTypeUrls,
      apply: (delta) => this.#apply(delta),
      clock,
      onComplete: () => this.#complete(),
      saved,
      logger,
    });
    this.#client = client;
    subscriptions.attach(client);
    this.#connection = connect(this.#watch(client));
  }

  /** The same client; whether a controller speaks through it is noted on the way. */
  #watch(client: DeltaClient): DeltaClient {
    const { subscriptions } = this.#options;
    return {
      open: (wire) => client.open(wire),
      receive: (bytes) => {
        subscriptions.controllerSpoke();
        return client.receive(bytes);
      },
      writable: () => client.writable(),
      disconnected: () => {
        subscriptions.controllerLeft();
        client.disconnected();
      },
      subscribe: (typeUrl, name) => client.subscribe(typeUrl, name),
      unsubscribe: (typeUrl, name) => client.unsubscribe(typeUrl, name),
      held: (typeUrl) => client.held(typeUrl),
    };
  }

  readonly #apply: ApplyDelta = async (delta) => {
    if (this.#patience !== undefined) this.#waitForController();
    const rejected = await this.#options.apply(delta);
    if (savedTypeUrls.includes(delta.typeUrl)) this.#keeper?.changed();
    return rejected;
  };

  #complete(): void {
    this.#patience?.cancel();
    this.#patience = undefined;
    if (this.#isComplete || this.#isClosed) return;
    this.#isComplete = true;
    this.#options.onComplete();
  }

  /** Begins to wait, anew with each sign of life. */
  #waitForController(): void {
    this.#patience?.cancel();
    this.#patience = this.#options.clock.after(patienceMs, () => void this.#startFromFile());
  }

  async #startFromFile(): Promise<void> {
    const { logger, apply, configuration } = this.#options;
    if (this.#file === undefined) return;
    const lastGood = await loadLastGood(this.#file, this.#scope);
    if (this.#isComplete || this.#isClosed) return;
    if (!lastGood.found) {
      logger.warn(
        { reason: lastGood.reason },
        "no controller, and no last good configuration to start from; not ready until the controller is there",
      );
      return;
    }
    // The client that never heard anything makes way for one that tells the controller what is in use.
    this.#connection?.close();
    for (const delta of lastGood.deltas) {
      for (const { name, reason } of await apply(delta)) {
        logger.warn({ name, reason }, "not taken from the last good configuration");
      }
    }
    if (this.#isClosed) return;
    logger.warn({ resources: lastGood.resources }, "no controller: serving from the last good configuration");
    this.#complete();
    this.#connect(configuration().flatMap(({ upserts }) => [...upserts]));
  }
}
