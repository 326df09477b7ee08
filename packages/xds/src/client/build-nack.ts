/**
 * The error of a NACK: one message that joins all reasons, for people, and the same by resource in the details, so that
 * the server counts the rest of the push as accepted. Both are bounded, however much was refused.
 */
import type { DeltaRequest } from "@waystone/api/discovery";
import { rejectionsTypeUrl } from "@waystone/api/names";
import { Rejections } from "@waystone/api/resources";
import type { Rejected } from "../resource.ts";

const invalidArgument = 3;
const messageLimit = 16 * 1024;
const reasonLimit = 1024;
const allReasonsLimit = 4 * 1024 * 1024;

export function buildNack(rejected: readonly Rejected[]): NonNullable<DeltaRequest["errorDetail"]> {
  const limit = Math.max(64, Math.min(reasonLimit, Math.floor(allReasonsLimit / rejected.length)));
  const rejections = rejected.map(({ name, reason }) => ({ name, reason: shorten(reason, limit) }));
  return {
    code: invalidArgument,
    message: joinReasons(rejected),
    details: [{ typeUrl: rejectionsTypeUrl, value: Rejections.encode({ rejections }).finish() }],
  };
}

/** Refuses a whole push: without details nothing of it counts as accepted. */
export function buildNackOfAll(reason: string): NonNullable<DeltaRequest["errorDetail"]> {
  return { code: invalidArgument, message: shorten(reason, messageLimit) };
}

/** Whether nothing of the push was taken. */
export function refusesAll({ details }: NonNullable<DeltaRequest["errorDetail"]>): boolean {
  return details === undefined || details === null || details.length === 0;
}

function joinReasons(rejected: readonly Rejected[]): string {
  let message = "";
  for (const [index, { name, reason }] of rejected.entries()) {
    const next = `${index === 0 ? "" : "; "}${name}: ${shorten(reason, reasonLimit)}`;
    if (message.length + next.length > messageLimit) return `${message}; and ${rejected.length - index} more`;
    message += next;
  }
  return message;
}

function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 3)}...`;
}
