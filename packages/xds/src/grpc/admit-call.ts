/**
 * A call that must say by a token whose it is. Until that is known nothing of it is read: what it sends stays within
 * HTTP/2's window. Afterwards it is a stream like others, for as long as its admission lasts.
 */
import { status } from "@grpc/grpc-js";
import type { DeltaServer } from "../server/delta-server.ts";
import { authorizeOnly } from "../server/waypoint-scope.ts";
import { type Admission, type Authenticate, type Refusal, refusalCodes } from "./authenticate.ts";
import { type DeltaCall, refuseCall, type ServedCall, serveCall } from "./serve-call.ts";
import type { Visitor } from "./waiting-room.ts";

export interface AdmitCallOptions {
  readonly call: DeltaCall;
  readonly server: DeltaServer;
  readonly authenticate: Authenticate;
  /** The connection it came on; undefined where that is gone already. */
  readonly visitor: Visitor | undefined;
  /** Once, when the call is over, admitted or not. */
  readonly ended: () => void;
}

export function admitCall(options: AdmitCallOptions): ServedCall {
  const admission = new CallAdmission(options);
  void admission.ask();
  return admission;
}

class CallAdmission implements ServedCall {
  readonly #options: AdmitCallOptions;
  readonly #over = new AbortController();
  #served: ServedCall | undefined;

  constructor(options: AdmitCallOptions) {
    this.#options = options;
    const goneEarly = (): void => {
      if (this.#served === undefined) this.#finish();
    };
    for (const event of ["cancelled", "error", "close"]) options.call.on(event, goneEarly);
  }

  end(reason: string, code: number = status.UNAVAILABLE): void {
    if (this.#served !== undefined) this.#served.end(reason, code);
    else this.#refuse(reason, code);
  }

  /** Never rejects. */
  async ask(): Promise<void> {
    const { call, visitor, authenticate } = this.#options;
    if (visitor?.asks() !== true) {
      await Promise.resolve();
      const reason = "another call on this connection is being looked at: one at a time";
      return this.#refuse(reason, status.RESOURCE_EXHAUSTED);
    }
    try {
      const caller = { token: readToken(call), address: visitor.address };
      const answer = await authenticate(caller, this.#over.signal);
      if (this.#over.signal.aborted) return visitor.refused();
      if ("admission" in answer) return this.#admit(answer.admission, visitor);
      visitor.refused();
      this.#refuse(answer.refusal.reason, refusalCodes[answer.refusal.kind]);
    } catch {
      // A mistake of ours admits nobody.
      visitor.refused();
      this.#refuse("the controller could not tell whose token this is", status.INTERNAL);
    }
  }

  #admit(admission: Admission, visitor: Visitor): void {
    const { call, server } = this.#options;
    const left = visitor.admitted();
    let stopWatching = (): void => {};
    const ended = (): void => {
      stopWatching();
      left();
      this.#finish();
    };
    const served = serveCall({ call, server, authorize: authorizeOnly(admission), ended });
    this.#served = served;
    stopWatching = admission.watch(({ kind, reason }: Refusal) => served.end(reason, refusalCodes[kind]));
    if (this.#over.signal.aborted) stopWatching();
  }

  #refuse(reason: string, code: number): void {
    if (this.#over.signal.aborted) return;
    this.#finish();
    refuseCall(this.#options.call, reason, code);
  }

  #finish(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#options.ended();
  }
}

/** One header, one word after "Bearer": anything else is no token. */
function readToken(call: DeltaCall): string | undefined {
  const values = call.metadata.get("authorization");
  const [value] = values;
  if (values.length !== 1 || typeof value !== "string") return undefined;
  return /^bearer ([\x21-\x7e]+)$/i.exec(value)?.[1];
}
