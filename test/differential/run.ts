/**
 * `npm run test:differential [-- --count N --seed N --case N --subject S]`: generated requests go through Waystone; what must
 * be refused must not go upstream, and the exact bytes of what does are read by nginx, HAProxy and node:http, who must all see
 * one request, the same that was meant. Ends with "N passed, N failed", counted by generated request.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { seededRng } from "@waystone/base/rng";
import { type GeneratedMessage, generateMessage } from "@waystone/testkit/generate/message-generator";
import { findProgram } from "../process/find-program.ts";
import { type Asked, askOnce, askPipelined, inBatches, inParallel } from "./ask.ts";
import { describeProblems } from "./describe-problems.ts";
import { judgeOutcome } from "./judge.ts";
import { startReaders } from "./readers.ts";
import { compareReaders, show } from "./second-opinions.ts";
import { type Subject, startSubject } from "./subject.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    /** One message alone, by its number. */
    case: { type: "string" },
    subject: { type: "string", default: "waystone" },
  },
});

const width = 8;
const pipelined = 10;

function buildMessages(): readonly GeneratedMessage[] {
  const seed = Number(values.seed) * 1_000_000;
  const numbers =
    values.case === undefined
      ? Array.from({ length: Number(values.count) }, (_, at) => at)
      : [Number(values.case)];
  return numbers.map((at) => generateMessage(seededRng(seed + at), `c${at}`));
}

/** Valid ones share connections, several at once; the others get one each. */
async function askAll(
  subject: Subject,
  messages: readonly GeneratedMessage[],
): Promise<ReadonlyMap<string, Asked>> {
  const asked = new Map<string, Asked>();
  const isKept = (message: GeneratedMessage): boolean =>
    message.verdict === "valid" && /^\S+ \S+ HTTP\/1\.1/.test(message.bytes.toString("latin1"));
  const kept = inBatches(messages.filter(isKept), pipelined);
  await inParallel(kept, width, async (batch) => {
    const answers = await askPipelined(
      subject.address,
      batch.map((message) => ({ bytes: message.bytes, method: methodOf(message) })),
    );
    batch.forEach((message, at) => asked.set(message.id, answers[at] ?? { status: 0, stalled: false }));
  });
  await inParallel(
    messages.filter((message) => !isKept(message)),
    width,
    async (message) => {
      asked.set(
        message.id,
        await askOnce(subject.address, { bytes: message.bytes, method: methodOf(message), ends: true }),
      );
    },
  );
  return asked;
}

function methodOf(message: GeneratedMessage): string {
  return /^\s*HEAD /.test(message.bytes.toString("latin1", 0, 20)) ? "HEAD" : "GET";
}

function judgeAll(
  subject: Subject,
  messages: readonly GeneratedMessage[],
  asked: ReadonlyMap<string, Asked>,
  tell: (id: string, problem: string) => void,
): void {
  const begun = new Map(
    subject.recorder.leftovers.map(
      (text) => [/\r\nx-case:[ \t]*(\S+)/i.exec(text)?.[1] ?? "", text] as const,
    ),
  );
  for (const message of messages) {
    const outcome = {
      message,
      asked: asked.get(message.id) ?? { status: 0, stalled: true },
      forwarded: subject.recorder.requests.get(message.id) ?? [],
      begun: begun.has(message.id),
    };
    for (const problem of judgeOutcome(outcome)) tell(message.id, problem);
  }
  const known = new Set(messages.map(({ id }) => id));
  for (const [id, text] of begun) {
    if (!known.has(id))
      tell(id, `bytes that nobody sent went upstream: ${show(Buffer.from(text, "latin1"))}`);
  }
  for (const [id, requests] of subject.recorder.requests) {
    if (!known.has(id))
      tell(id, `a request that nobody sent went upstream: ${show(requests[0]?.raw ?? Buffer.alloc(0))}`);
  }
}

function requirePeers(): void {
  const missing = ["nginx", "haproxy"].filter((name) => findProgram(name) === undefined);
  if (missing.length > 0)
    throw new Error(`${missing.join(" and ")} must be installed: apt-get install ${missing.join(" ")}`);
}

async function main(): Promise<void> {
  requirePeers();
  const start = performance.now();
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-differential-"));
  const messages = buildMessages();
  const problems = new Map<string, string[]>();
  const tell = (id: string, problem: string): void =>
    void problems.set(id, [...(problems.get(id) ?? []), problem]);
  const subject = await startSubject(values.subject, folder);
  const asked = await askAll(subject, messages);
  await subject.stop();
  judgeAll(subject, messages, asked, tell);
  const forwarded = messages.flatMap(({ id }) =>
    (subject.recorder.requests.get(id) ?? []).map((request) => ({ id, request })),
  );
  const readers = await startReaders(folder);
  for (const reader of readers) await compareReaders(reader, forwarded, tell);
  for (const reader of readers) await reader.stop();
  await rm(folder, { recursive: true, force: true });
  const verdicts = Object.entries(Object.groupBy(messages, (message) => message.verdict));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(describeProblems(messages, problems));
  console.log(
    `${verdicts.map(([verdict, each]) => `${each.length} ${verdict}`).join(", ")}; ${forwarded.length} forwarded; ${seconds} s`,
  );
  const passed = messages.filter(({ id }) => !problems.has(id)).length;
  console.log(`${passed} passed, ${problems.size} failed`);
  process.exitCode = problems.size === 0 && passed > 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
