/** The verdicts: what may and what must have gone upstream for one generated message. */
import type { GeneratedMessage } from "@waystone/testkit/generate/message-generator";
import { generatedHost } from "@waystone/testkit/generate/valid-request";
import type { ReadRequest } from "@waystone/testkit/read-message";
import type { Asked } from "./ask.ts";
import { buildReading, compareReadings, type Reading } from "./reading.ts";

export interface Outcome {
  readonly message: GeneratedMessage;
  readonly asked: Asked;
  /** The whole requests that went upstream under its x-case. */
  readonly forwarded: readonly ReadRequest[];
  /** It began upstream and was never whole. */
  readonly begun: boolean;
}

/** What is wrong with the outcome; empty when nothing is. */
export function judgeOutcome(outcome: Outcome): readonly string[] {
  const { message, asked, forwarded, begun } = outcome;
  const problems: string[] = [];
  if (asked.stalled) problems.push("no answer and no end");
  if (forwarded.length > 1) problems.push(`became ${forwarded.length} requests upstream`);
  switch (message.verdict) {
    case "valid":
      problems.push(...judgeValid(outcome));
      break;
    case "refuse-head":
    case "refuse-body":
      if (forwarded.length > 0) problems.push("must be refused, and went upstream");
      if (begun && message.verdict === "refuse-head")
        problems.push("must be refused at once, and began upstream");
      if (asked.status !== 0 && asked.status < 400)
        problems.push(`must be refused, and was answered ${asked.status}`);
      break;
    case "doubt":
      break;
  }
  return problems;
}

function judgeValid({ message, asked, forwarded }: Outcome): readonly string[] {
  if (asked.status !== 200) return [`is valid, and was answered ${asked.status}`];
  const [request] = forwarded;
  if (request === undefined || message.meaning === undefined) return ["is valid, and never came upstream"];
  const { method, target, headers, body } = message.meaning;
  const sent = readingOf(request);
  // The generator writes the Host in different cases and with ports; compared here is all the rest.
  const meant = buildReading(method, target, [...headers, ["Host", sent.host]], Buffer.from(body, "latin1"));
  const host = sent.host.startsWith(generatedHost) ? [] : [`Host became ${sent.host}`];
  return [...compareReadings(meant, sent), ...host];
}

export function readingOf(request: ReadRequest): Reading {
  return buildReading(request.method, request.target, request.headers, request.body);
}
