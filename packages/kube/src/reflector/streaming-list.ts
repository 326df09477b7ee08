/**
 * Whether this server can stream its state (WatchList: on by default in Kubernetes 1.32 and from 1.34 on). One that refuses
 * the parameter is not asked again; one that ignores it sends a watch without an end of the state, and is believed after
 * the second time: the first may have been a bad connection.
 */
import { isApiError } from "../transport/api-error.ts";

const ignoredLimit = 2;

export class StreamingList {
  #isRefused = false;
  #ignored = 0;
  #isPagedNext = false;
  #hasJustChanged = false;

  get canStream(): boolean {
    return !this.#isRefused && this.#ignored < ignoredLimit && !this.#isPagedNext;
  }

  /** True once after a failure of the way of listing: there is another, and no need to wait. */
  takeChange(): boolean {
    const hasJustChanged = this.#hasJustChanged;
    this.#hasJustChanged = false;
    return hasJustChanged;
  }

  streamed(): void {
    this.#ignored = 0;
  }

  /** A list in pages worked: the next one may be streamed again, unless that is ruled out. */
  paged(): void {
    this.#isPagedNext = false;
  }

  /** The stream failed before the state was complete. */
  failed(thrown: unknown): void {
    if (isApiError(thrown, 400) || isApiError(thrown, 422)) {
      this.#isRefused = true;
      this.#hasJustChanged = true;
    }
    if (isApiError(thrown, 0) && thrown.reason === "Stalled") this.ended();
  }

  /** The stream was silent, or ended in good order, before the state was complete. */
  ended(): void {
    this.#ignored++;
    this.#isPagedNext = true;
    this.#hasJustChanged = true;
  }
}
