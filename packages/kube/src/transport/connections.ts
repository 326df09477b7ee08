/**
 * The pool of connections that fits the credential of the moment. A new certificate (rotated, or from an exec plugin) opens
 * a new pool; the old one ends when its last request has.
 */
import type { Dispatcher } from "undici";
import { openDispatcher } from "./open-dispatcher.ts";
import type { TlsMaterial } from "./transport-config.ts";

export class Connections {
  readonly #origin: string;
  readonly #proxyUrl: string | undefined;
  readonly #open = new Set<Dispatcher>();
  #current: { readonly tls: TlsMaterial; readonly dispatcher: Dispatcher } | undefined;

  constructor({ origin, proxyUrl }: { readonly origin: string; readonly proxyUrl?: string | undefined }) {
    this.#origin = origin;
    this.#proxyUrl = proxyUrl;
  }

  with(tls: TlsMaterial): Dispatcher {
    const current = this.#current;
    if (current !== undefined && isSame(current.tls, tls)) return current.dispatcher;
    const dispatcher = openDispatcher({ origin: this.#origin, proxyUrl: this.#proxyUrl, tls });
    this.#open.add(dispatcher);
    this.#current = { tls, dispatcher };
    if (current !== undefined) this.#retire(current.dispatcher);
    return dispatcher;
  }

  async close(): Promise<void> {
    const open = [...this.#open];
    this.#open.clear();
    this.#current = undefined;
    await Promise.all(open.map((each) => each.destroy()));
  }

  #retire(dispatcher: Dispatcher): void {
    const forget = (): void => void this.#open.delete(dispatcher);
    dispatcher.close().then(forget, forget);
  }
}

function isSame(a: TlsMaterial, b: TlsMaterial): boolean {
  return (
    a === b ||
    (a.ca === b.ca &&
      a.certificate === b.certificate &&
      a.key === b.key &&
      a.serverName === b.serverName &&
      a.insecureSkipVerify === b.insecureSkipVerify)
  );
}
