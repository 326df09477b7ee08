/**
 * A question to an authorizer, until there is a verdict: one of its endpoints is picked and asked, another one where that one cannot
 * be reached, all within the policy's timeout. Told once, perhaps before `open` returns; not at all after `cancel`.
 */
import type { Authorizer } from "@waystone/engine/authorization/authorizer";
import { pickLeastRequest } from "@waystone/engine/balance/p2c";
import type { Timer } from "@waystone/base/clock";
import type { ProxyContext } from "../proxy/connection-context.ts";
import type { Backend, Endpoint } from "../store/snapshot.ts";
import { type Answer, type AnswerListener, AuthorizerCall, type Question } from "./authorizer-call.ts";
import { errorVerdict, type Verdict } from "./verdict.ts";

/** Questions change nothing, so they may be put again. */
const mostTries = 3;

export interface InquiryOptions {
  readonly proxy: Pick<ProxyContext, "clock" | "rng" | "upstream" | "current">;
  readonly authorizer: Authorizer;
  readonly question: Question;
  readonly readAnswer: (answer: Answer) => Verdict;
  readonly tell: (verdict: Verdict) => void;
}

export class Inquiry implements AnswerListener {
  readonly #options: InquiryOptions;
  #call: AuthorizerCall | undefined = undefined;
  #timer: Timer | undefined = undefined;
  #endpoint: Endpoint | undefined = undefined;
  #tries = 0;
  #isOver = false;

  /** There is a verdict, or nobody wants one any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  private constructor(options: InquiryOptions) {
    this.#options = options;
  }

  static open(options: InquiryOptions): Inquiry {
    const inquiry = new Inquiry(options);
    const { proxy, authorizer } = options;
    if (authorizer.invalid !== "") {
      inquiry.#end(errorVerdict(authorizer.invalid));
      return inquiry;
    }
    inquiry.#timer = proxy.clock.after(authorizer.timeoutMs, () => {
      inquiry.#call?.cancel();
      inquiry.#end(errorVerdict(`no answer within ${authorizer.timeoutMs} ms`));
    });
    inquiry.#try(false);
    return inquiry;
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#call?.cancel();
  }

  onAnswer(answer: Answer): void {
    this.#end(this.#options.readAnswer(answer));
  }

  onNoAnswer(reason: string, mayAskAgain: boolean): void {
    if (mayAskAgain && this.#tries < mostTries) this.#try(true);
    else this.#end(errorVerdict(reason));
  }

  #try(fresh: boolean): void {
    const { proxy, authorizer, question } = this.#options;
    const backend = proxy.current().backends.get(authorizer.backend);
    const endpoint = pickLeastRequest(backend?.endpoints ?? [], proxy.rng, this.#endpoint);
    if (endpoint === undefined) return this.#end(errorVerdict(whyNobody(authorizer, backend)));
    if (authorizer.protocol === "grpc" && !endpoint.speaksHttp2) {
      return this.#end(
        errorVerdict(`port ${authorizer.backend} is not declared to speak HTTP/2, as gRPC does`),
      );
    }
    this.#tries++;
    this.#endpoint = endpoint;
    this.#call = new AuthorizerCall(endpoint, question, proxy.upstream, this);
    this.#call.start(fresh);
  }

  #end(verdict: Verdict): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#options.tell(verdict);
  }
}

function whyNobody({ backend: key }: Authorizer, backend: Backend | undefined): string {
  if (backend === undefined) return `Service port ${key} is not known here`;
  return backend.unusable === "" ? `no endpoint of ${key} is ready` : backend.unusable;
}
