/**
 * The part of a request's body that is kept: what comes before there is a connection to send it on, and, where the request
 * may be sent again, a copy of what was sent, up to a limit. A body that outgrows the limit is sent once.
 */
import type { HeaderBlock } from "../http/header-block.ts";
import { KeptBytes } from "../http/kept-bytes.ts";

export class RequestBody {
  #limitBytes: number;
  readonly #kept = new KeptBytes();
  /** Every byte so far is still here. */
  isReplayable = true;
  #isLent = false;
  ended = false;
  trailers: HeaderBlock | undefined = undefined;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get pieces(): readonly Buffer[] {
    return this.#kept.pieces;
  }

  /** For an authorizer, who may wait for a connection while the exchange goes on: nobody else's bytes are ever written there. */
  lend(): readonly Buffer[] {
    this.#isLent = true;
    return this.pieces;
  }

  get heldBytes(): number {
    return this.#kept.length;
  }

  /** Somebody has to see more of it than is kept for a retry. */
  raiseLimit(limitBytes: number): void {
    if (limitBytes > this.#limitBytes) this.#limitBytes = limitBytes;
  }

  /** Keeps a copy. False: there is more than may be kept while nothing is sent, the sender must pause. */
  hold(bytes: Buffer): boolean {
    this.#kept.push(bytes);
    return this.#kept.length < this.#limitBytes;
  }

  /** Keeps a copy of what is being sent, unless the body outgrows the limit: then all copies go. */
  copy(bytes: Buffer): void {
    if (!this.isReplayable) return;
    if (this.#kept.length + bytes.length > this.#limitBytes) this.drop();
    else this.hold(bytes);
  }

  /**
   * What was kept has been sent, and is not needed again. Whoever got pieces has used them up or copied them: streams copy
   * pieces as small as those whose memory serves again (copyLimit).
   */
  drop(): void {
    if (this.#kept.length > 0 || !this.ended) this.isReplayable = false;
    if (this.#isLent) this.#kept.clear();
    else this.#kept.giveBack();
  }

  end(trailers: HeaderBlock | undefined): void {
    this.ended = true;
    this.trailers = trailers?.clone();
  }
}
