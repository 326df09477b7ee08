/**
 * What an exchange answers where no endpoint does, in the words of its protocol, and how that is accounted for. A gRPC call
 * hears it as its status, in an answer without a body (gRPC over HTTP/2, trailers-only).
 */
import { grpcReplyLines, grpcStatusOf } from "../http/h2/grpc-reply.ts";
import { grpcStatusOfReset } from "../http/h2/passed-reset.ts";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import type { Exchange } from "./exchange.ts";
import { grpcMessage, type LocalReply, type Refusal } from "./local-reply.ts";
import type { Ending } from "./log-entry.ts";
import { type ProxyErrorKind, proxyError, retryAfterLine } from "./proxy-error.ts";

export interface OwnAnswer {
  readonly reply: LocalReply;
  readonly ending: Ending;
}

type Asked = Pick<Exchange, "grpc" | "challenge">;

const noModifiers: readonly HeaderModifier[] = [];

/** A row of proxy-error.ts. `resetCode`: of the endpoint's RST_STREAM, if that is why. */
export function errorAnswer(asked: Asked, kind: ProxyErrorKind, resetCode: number): OwnAnswer {
  const row = proxyError(kind);
  const error = { ...row, grpcStatus: grpcStatusOfReset(resetCode) ?? row.grpcStatus };
  const reply =
    asked.grpc !== undefined
      ? { status: 200, headers: grpcReplyLines(error.grpcStatus, error.text), body: "" }
      : { status: error.status, headers: retryAfterLine(kind) + asked.challenge, body: `${error.text}\n` };
  return {
    reply: { ...reply, close: error.close, modifiers: noModifiers },
    ending: { ...error, status: reply.status, details: kind },
  };
}

/** What an authorizer says. */
export function refusalAnswer(asked: Asked, kind: ProxyErrorKind, refusal: Refusal): OwnAnswer {
  const { status, headers, body, saysContentType } = refusal;
  const { close, ...row } = proxyError(kind);
  const grpcStatus = grpcStatusOf(status);
  const reply =
    asked.grpc !== undefined
      ? { status: 200, headers: grpcReplyLines(grpcStatus, grpcMessage(body, row.text)), body: "" }
      : { status, headers, body, saysContentType };
  return {
    reply: { ...reply, close, modifiers: noModifiers },
    ending: { ...row, grpcStatus, status: reply.status, details: kind },
  };
}

/** What the configuration says. */
export function configuredAnswer(reply: LocalReply, details: string): OwnAnswer {
  const { status } = reply;
  const grpcStatus = grpcStatusOf(status);
  return { reply, ending: { status, flag: "-", reason: "DirectResponse", details, grpcStatus } };
}
