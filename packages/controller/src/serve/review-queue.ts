/**
 * Reviews of tokens, a few at a time: when the leader changes, every waypoint of the cluster asks in the same second, and
 * the API server has other work. How many may wait is bounded by who may connect (xds/src/grpc/waiting-room.ts).
 */
import type { TokenReviewer, TokenVerdict } from "@waystone/kube/review/token-review";

const atOnce = 32;

export class ReviewQueue {
  readonly #reviewer: TokenReviewer;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(reviewer: TokenReviewer) {
    this.#reviewer = reviewer;
  }

  /** As the reviewer: throws where the API server can't be asked. Undefined where `signal` ended first. */
  async review(token: string, signal: AbortSignal): Promise<TokenVerdict | undefined> {
    if (this.#underWay >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay++;
    try {
      return signal.aborted ? undefined : await this.#reviewer.review(token);
    } finally {
      // Whoever waits longest has the place now; it stays counted.
      const next = this.#waiting.shift();
      if (next === undefined) this.#underWay--;
      else next();
    }
  }
}
