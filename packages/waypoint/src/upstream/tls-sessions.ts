/**
 * TLS sessions of one endpoint under one policy, for resumption: a resumed handshake costs a third, and checks no
 * certificate, so sessions are never seen by another endpoint or policy, are few, and do not live long. A ticket of TLS 1.3
 * is used once (RFC 8446 C.4).
 */

/** Servers send two at a time. */
const keptTickets = 4;
/** A certificate that ends meanwhile is noticed after this. */
const keepMs = 10 * 60_000;

interface Kept {
  readonly ticket: Buffer;
  readonly isSingleUse: boolean;
  readonly keptAt: number;
}

export class TlsSessions {
  #kept: Kept[] = [];

  keep(ticket: Buffer, isSingleUse: boolean, now: number): void {
    if (!isSingleUse) this.#kept.length = 0;
    this.#kept.push({ ticket, isSingleUse, keptAt: now });
    if (this.#kept.length > keptTickets) this.#kept.shift();
  }

  /** The newest that is still good. */
  take(now: number): Buffer | undefined {
    const newest = this.#kept.at(-1);
    if (newest === undefined) return undefined;
    if (now - newest.keptAt > keepMs) {
      this.clear();
      return undefined;
    }
    if (newest.isSingleUse) this.#kept.pop();
    return newest.ticket;
  }

  clear(): void {
    this.#kept.length = 0;
  }
}
