/**
 * The waypoint's end of the delta protocol, without a socket. One response at a time is applied, remembered and answered, in
 * order of arrival; the transport waits for `receive` before it reads on. Invariants:
 *  - what is held is what apply() accepted, changed before anybody is told (the server, onComplete);
 *  - a stream's answers go to that stream: what an old one left behind is finished, remembered, and not answered;
 *  - a type of which a first response was refused whole is not complete on that stream, whatever comes later: the server does not
 *    send it again there, so that the stream is begun anew;
 *  - a new stream says what is held only when nothing is being applied any more.
 */
import { errorMessage } from "@waystone/base/error-message";
import { compactReader } from "@waystone/api/compact-reader";
import type { Clock } from "@waystone/base/clock";
import { type Logger, silentLogger } from "@waystone/base/logger";
import {
  DeltaDiscoveryRequest,
  DeltaDiscoveryResponse,
  type DeltaRequest,
  type DeltaResponse,
} from "@waystone/api/discovery";
import type { TypeUrl } from "@waystone/api/names";
import { partMark } from "../first-snapshot.ts";
import type { ApplyDelta, EncodedResource } from "../resource.ts";
import { refusesAll } from "./build-nack.ts";
import { HeldResources } from "./held-resources.ts";
import { NameRequests } from "./name-requests.ts";
import { takeResponse } from "./take-response.ts";

/** Time for the NACK to arrive, and no load for the server where each attempt ends the same way. */
const beginAnewMs = 5_000;

/** What the client needs of its transport. */
export interface ClientWire {
  /** False when the transport would rather not have more for now: `writable` is then awaited. */
  send(bytes: Uint8Array): boolean;
  /** Ends the stream: what it carries can't be understood. The transport opens another one. */
  close(reason: string): void;
}

export interface DeltaClientOptions {
  /** "<namespace>/<gateway>/<instance>" or "*" with an instance after a slash. */
  readonly nodeId: string;
  readonly wildcardTypes: readonly TypeUrl[];
  readonly apply: ApplyDelta;
  readonly clock: Clock;
  /** Once per stream: the first response(s) of every wildcard type are applied. */
  readonly onComplete: () => void;
  /** Accepted earlier and in use already: from the last-good file. */
  readonly saved?: Iterable<EncodedResource>;
  readonly logger?: Logger;
}

export interface DeltaClient {
  /** A stream has opened; `disconnected` ends it. */
  open(wire: ClientWire): void;
  /** Resolves when the response is answered; one should not read on before. Never rejects. */
  receive(bytes: Uint8Array): Promise<void>;
  writable(): void;
  disconnected(): void;
  /** Asks for a resource by name, now and on every later stream. The answer comes through apply(). */
  subscribe(typeUrl: TypeUrl, name: string): void;
  /** Forgets it; apply() is not told. */
  unsubscribe(typeUrl: TypeUrl, name: string): void;
  held(typeUrl: TypeUrl): ReadonlyMap<string, EncodedResource>;
}

/** One stream. */
interface Connection {
  readonly wire: ClientWire;
  /** Wildcard types of which the first response is not there in full. */
  readonly incomplete: Set<string>;
  /** Types that this stream has a request of; the first one says what is held. */
  readonly requested: Set<string>;
  isIntroduced: boolean;
  /** A first response of a type was refused whole: it is not complete before another stream is. */
  isSpoiled: boolean;
  isWritable: boolean;
}

export function createDeltaClient(options: DeltaClientOptions): DeltaClient {
  return new Client(options);
}

class Client implements DeltaClient {
  readonly #options: DeltaClientOptions;
  readonly #logger: Logger;
  readonly #held = new HeldResources();
  readonly #byName = new Map<TypeUrl, NameRequests>();
  #connection: Connection | undefined;
  /** The end of the queue of things that must not overlap. */
  #tail: Promise<void> = Promise.resolve();
  #isFlushScheduled = false;

  constructor(options: DeltaClientOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    for (const resource of options.saved ?? []) this.#held.set(resource);
  }

  open(wire: ClientWire): void {
    const incomplete = new Set<string>(this.#options.wildcardTypes);
    const connection = {
      wire,
      incomplete,
      requested: new Set<string>(),
      isIntroduced: false,
      isSpoiled: false,
      isWritable: true,
    };
    this.#connection = connection;
    void this.#enqueue(connection, () => this.#introduce(connection));
  }

  receive(bytes: Uint8Array): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return this.#tail;
    return this.#enqueue(connection, () => this.#answer(connection, bytes));
  }

  writable(): void {
    if (this.#connection === undefined) return;
    this.#connection.isWritable = true;
    this.#flushNames();
  }

  disconnected(): void {
    this.#connection = undefined;
  }

  subscribe(typeUrl: TypeUrl, name: string): void {
    let requests = this.#byName.get(typeUrl);
    if (requests === undefined) {
      requests = new NameRequests();
      this.#byName.set(typeUrl, requests);
    }
    if (requests.add(name)) this.#scheduleFlush();
  }

  unsubscribe(typeUrl: TypeUrl, name: string): void {
    if (!this.#byName.get(typeUrl)?.drop(name)) return;
    this.#held.delete(typeUrl, name);
    this.#scheduleFlush();
  }

  held(typeUrl: TypeUrl): ReadonlyMap<string, EncodedResource> {
    return this.#held.of(typeUrl);
  }

  /** A bug in what we call must not stop the queue: the stream begins anew. */
  #enqueue(connection: Connection, work: () => void | Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(work).catch((error: unknown) => {
      this.#logger.error({ error: errorMessage(error) }, "the push client failed; it begins a new stream");
      if (connection === this.#connection) connection.wire.close(`internal error: ${errorMessage(error)}`);
    });
    return this.#tail;
  }

  /** The first requests of a stream, in the order of the types: who we are, what we want, what we have. */
  #introduce(connection: Connection): void {
    if (connection !== this.#connection) return;
    connection.isIntroduced = true;
    for (const typeUrl of this.#options.wildcardTypes) this.#send(connection, { typeUrl });
    for (const [typeUrl, requests] of this.#byName) {
      requests.takeChanges();
      if (requests.names.size > 0)
        this.#send(connection, { typeUrl, resourceNamesSubscribe: [...requests.names] });
    }
    if (connection.incomplete.size === 0) this.#options.onComplete();
  }

  async #answer(connection: Connection, bytes: Uint8Array): Promise<void> {
    if (connection !== this.#connection) return;
    let response: DeltaResponse;
    try {
      response = DeltaDiscoveryResponse.decode(compactReader(bytes));
    } catch (error) {
      // Not even the nonce can be told: there is nothing to answer to.
      return connection.wire.close(`undecodable response: ${errorMessage(error)}`);
    }
    const errorDetail = await takeResponse(response, {
      apply: this.#options.apply,
      held: this.#held,
      wants: (typeUrl, name) => this.#wants(typeUrl, name),
      clock: this.#options.clock,
      logger: this.#logger,
    });
    if (connection !== this.#connection) return;
    const typeUrl = response.typeUrl ?? "";
    if (errorDetail) {
      this.#logger.warn(
        { typeUrl, reason: errorDetail.message },
        "refused resources; their last good versions stay in use",
      );
    }
    this.#send(connection, {
      typeUrl,
      responseNonce: response.nonce ?? "",
      ...(errorDetail && { errorDetail }),
    });
    if (errorDetail && refusesAll(errorDetail) && connection.incomplete.has(typeUrl)) {
      return this.#beginAnewLater(connection, typeUrl);
    }
    if (!connection.isSpoiled) this.#markComplete(connection, response);
  }

  #beginAnewLater(connection: Connection, typeUrl: string): void {
    if (connection.isSpoiled) return;
    connection.isSpoiled = true;
    this.#options.clock.after(beginAnewMs, () => {
      if (connection === this.#connection)
        connection.wire.close(`nothing of a first push of ${typeUrl} could be taken`);
    });
  }

  #wants(typeUrl: TypeUrl, name: string): boolean {
    return (
      this.#options.wildcardTypes.includes(typeUrl) || (this.#byName.get(typeUrl)?.names.has(name) ?? false)
    );
  }

  #markComplete(connection: Connection, response: DeltaResponse): void {
    if (response.systemVersionInfo === partMark) return;
    if (connection.incomplete.delete(response.typeUrl ?? "") && connection.incomplete.size === 0) {
      this.#options.onComplete();
    }
  }

  /** Gathers what is asked for within one turn of the event loop into one request. */
  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      this.#flushNames();
    });
  }

  #flushNames(): void {
    const connection = this.#connection;
    // Before the introduction there is nothing to add to: it asks for all names.
    if (connection === undefined || !connection.isIntroduced) return;
    for (const [typeUrl, requests] of this.#byName) {
      if (!connection.isWritable) return;
      const changes = requests.takeChanges();
      if (changes === undefined) continue;
      // A type's first request without names would ask for all of them.
      if (changes.subscribe.length === 0 && !connection.requested.has(typeUrl)) continue;
      this.#send(connection, {
        typeUrl,
        resourceNamesSubscribe: changes.subscribe,
        resourceNamesUnsubscribe: changes.unsubscribe,
      });
    }
  }

  #send(connection: Connection, request: DeltaRequest & { typeUrl: string }): void {
    const message: DeltaRequest = { ...request };
    if (connection.requested.size === 0) message.node = { id: this.#options.nodeId };
    if (!connection.requested.has(request.typeUrl)) {
      connection.requested.add(request.typeUrl);
      message.initialResourceVersions = this.#held.versions(request.typeUrl);
    }
    connection.isWritable = connection.wire.send(DeltaDiscoveryRequest.encode(message).finish());
  }
}
