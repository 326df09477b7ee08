/** The exact bytes that went upstream, put before each reader: one request, and the same to all of them. */
import type { ReadRequest } from "@waystone/testkit/read-message";
import { askOnce, askPipelined, inBatches, inParallel } from "./ask.ts";
import { readingOf } from "./judge.ts";
import type { Reader } from "./readers.ts";
import { compareReadings } from "./reading.ts";

export interface Forwarded {
  readonly id: string;
  readonly request: ReadRequest;
}

const batchSize = 25;
const width = 4;

/** Tells of each disagreement by x-case. */
export async function compareReaders(
  reader: Reader,
  forwarded: readonly Forwarded[],
  tell: (id: string, problem: string) => void,
): Promise<void> {
  await inParallel(
    inBatches(forwarded, batchSize),
    width,
    async (batch) => await showBatch(reader, batch, tell),
  );
  const known = new Set(forwarded.map(({ id }) => id));
  for (const id of reader.ids())
    if (!known.has(id)) tell(id, `${reader.name} sees a request that nobody sent`);
}

async function showBatch(
  reader: Reader,
  batch: readonly Forwarded[],
  tell: (id: string, problem: string) => void,
) {
  const messages = batch.map(({ request }) => ({ bytes: request.raw, method: request.method }));
  await askPipelined(reader.address, messages);
  for (const { id, request } of batch) {
    // The ones behind a refused request were never read: each gets a connection of its own.
    if (reader.readings(id).length === 0) {
      const { status } = await askOnce(reader.address, { bytes: request.raw, method: request.method });
      if (reader.readings(id).length === 0) {
        tell(id, `${reader.name} refuses what was forwarded (${status || "closed"}): ${show(request.raw)}`);
        continue;
      }
    }
    judgeReadings(reader, id, request, tell);
  }
}

function judgeReadings(
  reader: Reader,
  id: string,
  request: ReadRequest,
  tell: (id: string, problem: string) => void,
): void {
  const readings = reader.readings(id);
  if (readings.length > 1) tell(id, `${reader.name} sees ${readings.length} requests: ${show(request.raw)}`);
  for (const reading of readings.slice(0, 1)) {
    for (const difference of compareReadings(readingOf(request), reading))
      tell(id, `${reader.name} reads otherwise: ${difference}`);
  }
}

export function show(bytes: Buffer): string {
  const text = JSON.stringify(bytes.toString("latin1"));
  return text.length > 400 ? `${text.slice(0, 400)}... (${bytes.length} bytes)` : text;
}
