/** Problems for people: by kind with their counts, and an example of each with its bytes and number. */
import type { GeneratedMessage } from "@waystone/testkit/generate/message-generator";
import { show } from "./second-opinions.ts";

const kindsShown = 20;

export function describeProblems(
  messages: readonly GeneratedMessage[],
  problems: ReadonlyMap<string, readonly string[]>,
): string {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const kinds = new Map<string, { count: number; readonly example: string }>();
  for (const [id, found] of problems) {
    for (const problem of found) {
      const message = byId.get(id);
      const kind = `${message?.mutations.join(" and ") || message?.verdict || "unknown"}: ${problem.split(": ")[0] ?? ""}`;
      const seen = kinds.get(kind);
      if (seen !== undefined) seen.count += 1;
      else kinds.set(kind, { count: 1, example: describeExample(id, problem, message) });
    }
  }
  const sorted = [...kinds].sort((a, b) => b[1].count - a[1].count);
  const lines = sorted
    .slice(0, kindsShown)
    .map(([kind, { count, example }]) => `FAILED ${count} x ${kind}\n${example}`);
  if (sorted.length > kindsShown) lines.push(`... and ${sorted.length - kindsShown} more kinds`);
  return lines.join("\n");
}

function describeExample(id: string, problem: string, message: GeneratedMessage | undefined): string {
  const sent = message === undefined ? "" : `\n    sent: ${show(message.bytes)}`;
  return `    --case ${id.replace(/^c/, "")}: ${problem}${sent}`;
}
