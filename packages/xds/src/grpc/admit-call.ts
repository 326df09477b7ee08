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

export function admitCall({ call, server, authenticate, visitor, ended }: AdmitCallOptions): ServedCall {
  const waiting = new AbortController();
  let served: ServedCall | undefined;
  const finish = (): void => {
    if (waiting.signal.aborted) return;
    waiting.abort();
    ended();
  };
  const refuse = (reason: string, code: number): void => {
    if (waiting.signal.aborted) return;
    finish();
    refuseCall(call, reason, code);
  };
  const goneEarly = (): void => {
    if (served === undefined) finish();
  };
  call.on("cancelled", goneEarly);
  call.on("error", goneEarly);
  call.on("close", goneEarly);
  const admit = (admission: Admission): void => {
    const left = visitor?.admitted();
    let stopWatching = (): void => {};
    served = serveCall({
      call,
      server,
      authorize: authorizeOnly(admission),
      ended: () => {
        stopWatching();
        left?.();
        finish();
      },
    });
    const cut = ({ kind, reason }: Refusal): void => served?.end(reason, refusalCodes[kind]);
    stopWatching = admission.watch(cut);
    if (waiting.signal.aborted) stopWatching();
  };
  void authenticate({ token: readToken(call), address: visitor?.address ?? "" }, waiting.signal).then(
    (answer) => {
      if (waiting.signal.aborted) return;
      if ("admission" in answer) admit(answer.admission);
      else refuse(answer.refusal.reason, refusalCodes[answer.refusal.kind]);
    },
    // A mistake of ours admits nobody.
    () => refuse("the controller could not tell whose token this is", status.INTERNAL),
  );
  return {
    end(reason, code = status.UNAVAILABLE) {
      if (served === undefined) refuse(reason, code);
      else served.end(reason, code);
    },
  };
}

/** One header, one word after "Bearer": anything else is no token. */
function readToken(call: DeltaCall): string | undefined {
  const values = call.metadata.get("authorization");
  const [value] = values;
  if (values.length !== 1 || typeof value !== "string") return undefined;
  return /^bearer ([\x21-\x7e]+)$/i.exec(value)?.[1];
}
