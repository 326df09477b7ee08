/**
 * Envoy's external authorization over gRPC: the request as a CheckRequest, and a verdict from the CheckResponse. What an OK wants done
 * that is not done here makes it an error, never a yes with less than it said; metadata and what is dynamic mean nothing here.
 */
import {
  type CheckPeer,
  CheckRequest,
  type CheckRequestMessage,
  CheckResponse,
  type CheckResponseMessage,
  checkMethodPath,
  type HeaderValueOption,
} from "@waystone/api/ext-authz";
import type { Authorizer } from "@waystone/engine/authorization/authorizer";
import type { HeaderLine } from "@waystone/engine/headers/header-line";
import { plainDropped } from "../http/dropped-headers.ts";
import type { HeaderChange } from "@waystone/engine/headers/header-change";
import { AnswerProblem, HeaderBudget, linesOfRefusal } from "./answer-headers.ts";
import type { Answer, Question } from "./authorizer-call.ts";
import { linesFor, type PeerFacts, type RequestFacts } from "./request-facts.ts";
import { errorVerdict, type Verdict } from "./verdict.ts";

/** A message's frame begins with a flag and its length (gRPC over HTTP/2). */
const prefixBytes = 5;

export function buildGrpcQuestion(authorizer: Authorizer, facts: RequestFacts): Question {
  const message = CheckRequest.encode(checkRequest(authorizer, facts)).finish();
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return {
    request: {
      method: "POST",
      target: checkMethodPath,
      authority: authorizer.authority,
      block: undefined,
      dropped: plainDropped,
      connectionNames: undefined,
      modifiers: [],
      added: `Content-Type: application/grpc\r\ngrpc-timeout: ${authorizer.timeoutMs}m\r\n`,
      forwarded: undefined,
      bodyLength: prefixBytes + message.length,
      expectsContinue: false,
      acceptsTrailers: true,
      upgrade: "",
    },
    body: [prefix, Buffer.from(message.buffer, message.byteOffset, message.length)],
  };
}

function checkRequest(
  { contextExtensions, allowedHeaders }: Authorizer,
  facts: RequestFacts,
): CheckRequestMessage {
  const headers = new Map<string, string>([
    [":method", facts.method],
    [":path", facts.target],
    [":authority", facts.authority],
    [":scheme", "http"],
  ]);
  for (const [name, value] of linesFor(facts)) {
    if (allowedHeaders.length > 0 && !allowedHeaders.includes(name)) continue;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  if (facts.body !== undefined) headers.set("x-envoy-auth-partial-body", `${!facts.body.isWhole}`);
  return {
    attributes: {
      source: peer(facts.source),
      destination: peer(facts.destination),
      request: {
        time: { seconds: Math.floor(facts.atMs / 1000), nanos: Math.floor(facts.atMs % 1000) * 1_000_000 },
        http: {
          id: facts.requestId,
          method: facts.method,
          headers: Object.fromEntries(headers),
          path: facts.target,
          host: facts.authority,
          scheme: "http",
          size: facts.bodyLength,
          protocol: facts.protocol,
          ...bodyOf(facts),
        },
      },
      contextExtensions: { ...contextExtensions },
    },
  };
}

function peer({ address, port, service, namespace, serviceAccount, principal }: PeerFacts): CheckPeer {
  return {
    address: { socketAddress: { address, portValue: port } },
    service,
    principal: principal === "" ? "" : `spiffe://${principal}`,
    labels: {
      ...(namespace !== "" && { "waystone.dev/namespace": namespace }),
      ...(serviceAccount !== "" && { "waystone.dev/service-account": serviceAccount }),
    },
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** As text where it is one, as OPA wants to read it. */
function bodyOf({ body }: RequestFacts): { readonly body: string } | { readonly rawBody: Uint8Array } {
  if (body === undefined) return { body: "" };
  const bytes = Buffer.concat(body.pieces);
  try {
    return { body: utf8.decode(bytes) };
  } catch {
    return { rawBody: bytes };
  }
}

export function readGrpcAnswer(answer: Answer): Verdict {
  const { status, headers, trailers, body } = answer;
  if (status !== 200) return errorVerdict(`it answers with HTTP status ${status} instead of gRPC`);
  const code = (trailers ?? headers).values("grpc-status")[0] ?? "none";
  if (code !== "0") return errorVerdict(`it answers with gRPC status ${code}`);
  if (body.length < prefixBytes || body[0] !== 0 || body.readUInt32BE(1) !== body.length - prefixBytes) {
    return errorVerdict("its answer is not one uncompressed message");
  }
  try {
    return verdictFrom(CheckResponse.decode(body.subarray(prefixBytes)));
  } catch (error) {
    return errorVerdict(
      error instanceof AnswerProblem ? error.message : "its answer is no CheckResponse that can be read",
    );
  }
}

/** google.rpc.Code: 0, or no status, is OK; anything else denies (as in Envoy), and so does a denied response beside an OK. */
function verdictFrom(message: CheckResponseMessage): Verdict {
  if ((message.status?.code ?? 0) !== 0 || message.deniedResponse) return denied(message);
  const ok = message.okResponse;
  if (!ok) return { outcome: "allowed", changes: [], responseSet: [], responseAdd: [] };
  if ((ok.queryParametersToSet ?? []).length + (ok.queryParametersToRemove ?? []).length > 0) {
    throw new AnswerProblem("it wants to change the query, which waypoints do not do");
  }
  const budget = new HeaderBudget();
  const changes = (ok.headers ?? []).map((option) => changeOf(option, budget));
  for (const name of ok.headersToRemove ?? []) {
    changes.push({ kind: "remove", name: budget.takeName(name) });
  }
  const response = (ok.responseHeadersToAdd ?? []).map((option) => ({
    header: lineOf(option, budget),
    isSet: option.append ? option.append.value !== true : (option.appendAction ?? 0) !== 0,
  }));
  return {
    outcome: "allowed",
    changes,
    responseSet: response.flatMap(({ header, isSet }) => (isSet ? header : [])),
    responseAdd: response.flatMap(({ header, isSet }) => (isSet ? [] : header)),
  };
}

/** HeaderAppendAction: what 0 means here Envoy's filter says, not the enum. */
const addIfAbsent = 1;
const overwriteIfExists = 3;

/** Headers of a request are overwritten unless `append` says otherwise, so that nothing of the client's stays beside them. */
function changeOf(option: HeaderValueOption, budget: HeaderBudget): HeaderChange {
  const header = lineOf(option, budget);
  if (option.append?.value === true) return { kind: "add", header, onlyIfAbsent: false };
  const action = option.append ? 0 : (option.appendAction ?? 0);
  if (action === addIfAbsent) return { kind: "add", header, onlyIfAbsent: true };
  return { kind: "set", header, onlyIfThere: action === overwriteIfExists };
}

function lineOf({ header }: HeaderValueOption, budget: HeaderBudget): HeaderLine {
  const raw = header?.rawValue;
  if (raw && raw.length > 0) return budget.takeBytes(header?.key ?? "", Buffer.from(raw).toString("latin1"));
  return budget.take(header?.key ?? "", header?.value ?? "");
}

const forbidden = 403;

function denied({ deniedResponse }: CheckResponseMessage): Verdict {
  const code = deniedResponse?.status?.code ?? forbidden;
  return {
    outcome: "denied",
    // A refusal with another status than an answer may have is still one.
    status: code >= 200 && code <= 599 ? code : forbidden,
    headers: linesOfRefusal(deniedResponse?.headers ?? [], (budget, option) => lineOf(option, budget)),
    body: Buffer.from(deniedResponse?.body ?? "", "utf8").toString("latin1"),
  };
}
