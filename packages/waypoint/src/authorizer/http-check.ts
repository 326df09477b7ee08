/**
 * External authorization over plain HTTP, as Envoy's filter and GEP-1494 have it: the request's method, host and path (behind a prefix)
 * with some of its headers. 200 is a yes, 5xx no answer, and anything else the client's answer.
 */
import type { Authorizer } from "@waystone/engine/authorization/authorizer";
import type { HeaderLine } from "@waystone/engine/headers/header-line";
import type { HeaderChange } from "@waystone/engine/headers/header-change";
import { plainDropped } from "../http/dropped-headers.ts";
import type { HeaderBlock } from "../http/header-block.ts";
import { AnswerProblem, HeaderBudget, isRefusedHeader, linesOfRefusal } from "./answer-headers.ts";
import type { Answer, Question } from "./authorizer-call.ts";
import { linesFor, type RequestFacts } from "./request-facts.ts";
import { errorVerdict, type Verdict } from "./verdict.ts";

/** Beside those that a policy or filter allows: who asks, and by whom and for what it was forwarded. */
const alwaysAsked: ReadonlySet<string> = new Set([
  "authorization",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
]);
/** Without them no client understands a refusal. */
const alwaysAnswered: readonly string[] = ["content-type", "location", "www-authenticate"];

export function buildHttpQuestion(authorizer: Authorizer, facts: RequestFacts): Question {
  const { path, allowedHeaders } = authorizer;
  let added = facts.requestId === "" ? "" : `X-Request-Id: ${facts.requestId}\r\n`;
  for (const [name, value] of linesFor(facts)) {
    if (alwaysAsked.has(name) || allowedHeaders.includes(name)) added += `${name}: ${value}\r\n`;
  }
  const { body } = facts;
  if (body !== undefined) added += `X-Envoy-Auth-Partial-Body: ${!body.isWhole}\r\n`;
  return {
    request: {
      method: facts.method,
      target: `${path.endsWith("/") ? path.slice(0, -1) : path}${facts.target}`,
      authority: facts.authority,
      block: undefined,
      dropped: plainDropped,
      connectionNames: undefined,
      modifiers: [],
      added,
      forwarded: undefined,
      bodyLength: (body?.pieces ?? []).reduce((sum, { length }) => sum + length, 0),
      expectsContinue: false,
      acceptsTrailers: false,
      upgrade: "",
    },
    body: body?.pieces ?? [],
  };
}

export function readHttpAnswer(authorizer: Authorizer, answer: Answer): Verdict {
  const { status, headers, body } = answer;
  if (status >= 500) return errorVerdict(`it answers with HTTP status ${status}`);
  if (status !== 200) {
    const names = namesToClient(authorizer, headers);
    const lines = names.flatMap((name) => headers.values(name).map((value) => ({ name, value })));
    return {
      outcome: "denied",
      status,
      headers: linesOfRefusal(lines, (budget, { name, value }) => budget.takeBytes(name, value)),
      body: body.toString("latin1"),
    };
  }
  try {
    const changes = changesOf(authorizer, headers);
    return { outcome: "allowed", changes, responseSet: [], responseAdd: [] };
  } catch (error) {
    if (error instanceof AnswerProblem) return errorVerdict(error.message);
    throw error;
  }
}

function namesToClient({ headersToClient }: Authorizer, headers: HeaderBlock): readonly string[] {
  return headersToClient === "all" ? namesOf(headers) : [...alwaysAnswered, ...headersToClient];
}

function changesOf({ headersToBackend }: Authorizer, headers: HeaderBlock): readonly HeaderChange[] {
  const add = (header: HeaderLine): HeaderChange => ({ kind: "add", header, onlyIfAbsent: false });
  if (headersToBackend !== "all") {
    return [
      // What an authorizer is to say no client may say in its place, whether or not it says anything.
      ...headersToBackend.map((name): HeaderChange => ({ kind: "remove", name })),
      ...linesOf(headers, headersToBackend).map(add),
    ];
  }
  const names = namesOf(headers).filter((name) => !isRefusedHeader(name) && !name.startsWith("content-"));
  const budget = new HeaderBudget();
  return names.flatMap((name) =>
    headers.values(name).map((value, at): HeaderChange => {
      const header = budget.takeBytes(name, value);
      return at === 0 ? { kind: "set", header, onlyIfThere: false } : add(header);
    }),
  );
}

/** Each once, in lower case, but for those that are about the connection to the authorizer (RFC 9110 7.6.1). */
function namesOf(headers: HeaderBlock): readonly string[] {
  const names = new Set<string>();
  for (let i = 0; i < headers.count; i++) names.add(headers.nameAt(i).toLowerCase());
  for (const value of headers.values("connection"))
    for (const name of value.split(",")) names.delete(name.trim().toLowerCase());
  return [...names];
}

function linesOf(headers: HeaderBlock, names: readonly string[]): HeaderLine[] {
  const budget = new HeaderBudget();
  return names.flatMap((name) => headers.values(name).map((value) => budget.takeBytes(name, value)));
}
