/**
 * A request as it was when the first authorizer was asked about it, in all of what they are told that can change on its way
 * (describe-request.ts): whoever has agreed to it need not be asked again while it is still that.
 */
import type { RequestHead } from "../http/message.ts";
import type { WorkloadState } from "../store/snapshot.ts";
import type { JudgedRequest } from "./judged-request.ts";

export class AskedAs {
  readonly #head: RequestHead;
  readonly #host: string;
  readonly #path: string;
  readonly #query: string;
  readonly #withheld: readonly string[];
  readonly #identity: WorkloadState | undefined;

  constructor({ head, host, path, query, withheld, context }: JudgedRequest) {
    this.#head = head;
    this.#host = host;
    this.#path = path;
    this.#query = query;
    this.#withheld = withheld;
    this.#identity = context.identity();
  }

  /** Where that is in doubt it is not: a head that was changed may say what it said before. */
  isStill({ head, host, path, query, withheld, context, modifiersLeft }: JudgedRequest): boolean {
    return (
      head === this.#head &&
      host === this.#host &&
      path === this.#path &&
      query === this.#query &&
      withheld === this.#withheld &&
      modifiersLeft.length === 0 &&
      context.identity() === this.#identity
    );
  }
}

/**
 * The Service that the request came to is asked once more because a route of others may have changed it. Where none has, and nobody
 * else, its authorizers would be told what they were told before: they have agreed.
 */
export function keepAgreed(request: JudgedRequest): void {
  const { received, askedAs } = request;
  if (received?.agreed !== undefined && askedAs?.isStill(request) === true)
    request.agreed = new Set(received.agreed);
}
