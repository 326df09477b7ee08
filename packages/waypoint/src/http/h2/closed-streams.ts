/**
 * Streams that we reset lately: what the peer sent on them before it knew is no error (RFC 9113 5.1, "closed"). As many as
 * can be under way in one round trip; for older ones the answer to a late frame is one more reset.
 */
const kept = 128;

export class ClosedStreams {
  #ids: number[] = [];
  #next = 0;
  /** Of all that were ever added: most frames on closed streams are about later ones (nginx resets each that it has answered). */
  #newest = 0;

  add(streamId: number): void {
    this.#ids[this.#next] = streamId;
    this.#next = (this.#next + 1) % kept;
    if (streamId > this.#newest) this.#newest = streamId;
  }

  /** The peer has closed it too: what it sends from now on is wrong. */
  forget(streamId: number): void {
    if (streamId > this.#newest) return;
    const at = this.#ids.indexOf(streamId);
    if (at >= 0) this.#ids[at] = 0;
  }

  has(streamId: number): boolean {
    return this.#ids.includes(streamId);
  }
}
