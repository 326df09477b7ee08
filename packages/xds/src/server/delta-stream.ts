/**
 * The server's end of one waypoint's stream, without a socket. At most one response is unanswered at any time, over all
 * types; what changes meanwhile is noted by name and read from the catalog when its turn comes.
 */
import { errorMessage } from "@waystone/base/error-message";
import { compactReader } from "@waystone/api/compact-reader";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import { DeltaDiscoveryRequest, DeltaDiscoveryResponse, type DeltaRequest } from "@waystone/api/discovery";
import { completeMark, partMark } from "../first-snapshot.ts";
import type { AckObserver, CatalogChange, ConnectedNode, ResourceCatalog } from "../resource.ts";
import { wrapResource } from "../wrap-resource.ts";
import { type CatalogView, isKnownType, viewCatalog } from "./catalog-view.ts";
import { judgePush, listPushed, type PushedNames, type Verdict } from "./judge-push.ts";
import { planPush, type Push } from "./plan-push.ts";
import type { DeltaServerSettings } from "./settings.ts";
import { Subscriptions } from "./subscriptions.ts";
import type { Authorize } from "./waypoint-scope.ts";

/** What the stream needs of its transport. */
export interface ServerWire {
  /** False when the transport would rather not have more for now: `writable` is then awaited. */
  send(bytes: Uint8Array): boolean;
  /** The stream is over, for a reason that the waypoint's log may show. */
  close(reason: string): void;
}

/** What the transport tells the stream. */
export interface ServerStream {
  receive(bytes: Uint8Array): void;
  writable(): void;
  closed(): void;
}

export interface StreamContext {
  readonly catalog: ResourceCatalog;
  readonly observer: AckObserver;
  readonly authorize: Authorize;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: DeltaServerSettings;
  /** Counts changes and requests, for all streams. */
  readonly nextSequence: () => number;
  /** Before the observer hears of the waypoint. */
  readonly opened: (stream: DeltaStream, node: ConnectedNode) => void;
  readonly ended: (stream: DeltaStream) => void;
}

interface Outstanding {
  readonly nonce: string;
  readonly typeUrl: string;
  readonly pushed: PushedNames;
  readonly bytes: number;
  readonly deadline: Timer;
}

type State =
  /** Nothing heard yet: nobody knows whose stream it is. */
  | { readonly kind: "new"; readonly deadline: Timer }
  | { readonly kind: "open"; readonly node: ConnectedNode; readonly view: CatalogView }
  | { readonly kind: "closed" };

export class DeltaStream implements ServerStream {
  readonly #context: StreamContext;
  readonly #wire: ServerWire;
  readonly #subscriptions = new Subscriptions();
  #state: State;
  #outstanding: Outstanding | undefined;
  /**
   * While the first requests come in, one per type: nothing is sent until all types are there to be ordered, or a moment
   * has passed. What they ask for counts as asked at one time.
   */
  #gathering: { readonly at: number; readonly timer: Timer } | undefined;
  #isWritable = true;
  /** What began to wait up to here may go; later changes are still being gathered. */
  #releasedTo = 0;

  constructor(context: StreamContext, wire: ServerWire) {
    this.#context = context;
    this.#wire = wire;
    const { answerTimeoutMs } = context.settings;
    const silent = (): void => this.cut(`no request within ${answerTimeoutMs} ms of the stream's opening`);
    this.#state = { kind: "new", deadline: context.clock.after(answerTimeoutMs, silent) };
  }

  get node(): ConnectedNode | undefined {
    return this.#state.kind === "open" ? this.#state.node : undefined;
  }

  /** Names that wait to be told, over all types. */
  get waitingNames(): number {
    return this.#subscriptions.waitingNames;
  }

  get unansweredBytes(): number {
    return this.#outstanding?.bytes ?? 0;
  }

  receive(bytes: Uint8Array): void {
    if (this.#state.kind === "closed") return;
    let request: DeltaRequest;
    try {
      request = DeltaDiscoveryRequest.decode(compactReader(bytes));
    } catch (error) {
      return this.cut(`undecodable request: ${errorMessage(error)}`);
    }
    const view = this.#identify(request);
    if (view === undefined) return;
    const verdicts = this.#settle(request);
    const held = this.#subscribe(request, view);
    const { node } = this;
    if (node === undefined) return;
    const typeUrl = request.typeUrl ?? "";
    if (isKnownType(typeUrl)) {
      if (held.length > 0) this.#context.observer.acknowledged(node, typeUrl, held);
      if (verdicts.length > 0) this.#context.observer.acknowledged(node, typeUrl, verdicts);
    }
    this.#pump();
  }

  writable(): void {
    this.#isWritable = true;
    this.#pump();
  }

  closed(): void {
    const state = this.#state;
    if (state.kind === "closed") return;
    this.#state = { kind: "closed" };
    if (state.kind === "new") state.deadline.cancel();
    this.#gathering?.timer.cancel();
    this.#outstanding?.deadline.cancel();
    this.#outstanding = undefined;
    this.#subscriptions.clear();
    this.#context.ended(this);
    if (state.kind !== "open") return;
    this.#context.logger.info({ node: state.node.id }, "waypoint disconnected");
    this.#context.observer.disconnected(state.node);
  }

  /** Ends the stream from this side; expected ends are no warning. */
  cut(reason: string, level: "warn" | "info" = "warn"): void {
    if (this.#state.kind === "closed") return;
    this.#context.logger[level]({ node: this.node?.id, reason }, "cut off a waypoint's push stream");
    this.closed();
    this.#wire.close(reason);
  }

  noteChange(change: CatalogChange, at: number): void {
    if (this.#state.kind === "open") this.#subscriptions.noteChange(change, this.#state.view, at);
  }

  /** Lets go out what changed up to now. */
  release(at: number): void {
    this.#releasedTo = at;
    this.#pump();
  }

  #identify(request: DeltaRequest): CatalogView | undefined {
    if (this.#state.kind === "open") return this.#state.view;
    if (this.#state.kind === "closed") return undefined;
    const id = request.node?.id ?? "";
    const authorization = this.#context.authorize(id);
    if ("rejection" in authorization) {
      this.cut(authorization.rejection);
      return undefined;
    }
    this.#state.deadline.cancel();
    const node = { id, scope: authorization.scope };
    const view = viewCatalog(this.#context.catalog, node.scope);
    this.#state = { kind: "open", node, view };
    this.#gathering = {
      at: this.#context.nextSequence(),
      timer: this.#context.clock.after(this.#context.settings.gatherMs, () => this.#endGathering()),
    };
    this.#context.opened(this, node);
    this.#context.logger.info({ node: id, scope: node.scope }, "waypoint connected");
    this.#context.observer.connected(node);
    return view;
  }

  /** An answer to anything but the outstanding push is stale, and says nothing. */
  #settle(request: DeltaRequest): Verdict[] {
    const outstanding = this.#outstanding;
    if (!request.responseNonce || outstanding === undefined) return [];
    if (request.responseNonce !== outstanding.nonce || request.typeUrl !== outstanding.typeUrl) return [];
    outstanding.deadline.cancel();
    this.#outstanding = undefined;
    const verdicts = judgePush(outstanding.pushed, request.errorDetail);
    if (request.errorDetail) {
      const refused = verdicts.filter(({ error }) => error !== undefined).length;
      const fields = { node: this.node?.id, typeUrl: outstanding.typeUrl, refused, of: verdicts.length };
      this.#context.logger.warn(
        { ...fields, reason: request.errorDetail.message },
        "a waypoint refused resources",
      );
    }
    return verdicts;
  }

  #subscribe(request: DeltaRequest, view: CatalogView): Verdict[] {
    const now = this.#context.nextSequence();
    const at = this.#gathering?.at ?? now;
    // Somebody waits for what is asked for: it is not gathered.
    if (this.#subscriptions.isAsking(request)) this.#releasedTo = Math.max(this.#releasedTo, at);
    const held = this.#subscriptions.take(request, view, at, now);
    const excess = this.#subscriptions.excess(this.#context.settings);
    if (excess !== undefined) this.cut(excess);
    if (this.#subscriptions.isWhole) this.#endGathering();
    return held;
  }

  #pump(): void {
    const { settings } = this.#context;
    const state = this.#state;
    if (state.kind !== "open" || this.#gathering !== undefined) return;
    if (this.#outstanding !== undefined || !this.#isWritable) return;
    if (this.#subscriptions.oldest() > this.#releasedTo) return;
    const push = planPush(this.#subscriptions.all(), state.view, settings.responseBytes);
    if (push !== undefined) this.#send(push);
  }

  #endGathering(): void {
    this.#gathering?.timer.cancel();
    this.#gathering = undefined;
    this.#pump();
  }

  #send(push: Push): void {
    const { subscription, upserts, removals } = push;
    const { typeUrl } = subscription;
    subscription.markSent(upserts, removals);
    const isPart = subscription.hasFirstSnapshotNames();
    if (!isPart) subscription.firstSnapshotAt = undefined;
    const nonce = this.#context.nextSequence().toString(36);
    const bytes = DeltaDiscoveryResponse.encode({
      systemVersionInfo: isPart ? partMark : completeMark,
      resources: upserts.map(wrapResource),
      typeUrl,
      nonce,
      removedResources: [...removals],
    }).finish();
    const { answerTimeoutMs } = this.#context.settings;
    const deadline = this.#context.clock.after(answerTimeoutMs, () =>
      this.cut(`no answer to a push within ${answerTimeoutMs} ms: the waypoint does not read, or hangs`),
    );
    this.#outstanding = { nonce, typeUrl, pushed: listPushed(push), bytes: bytes.length, deadline };
    this.#isWritable = this.#wire.send(bytes);
  }
}
