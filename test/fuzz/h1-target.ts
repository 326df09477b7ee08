/**
 * HTTP/1.1 requests, right and wrong (the generator of the differential check), to endpoints of either version: what the
 * endpoint sees is the one request that was meant, whole, or nothing.
 */
import { seededRng } from "@waystone/base/rng";
import { generateMessage } from "@waystone/testkit/generate/message-generator";
import { askOnce, inParallel } from "../differential/ask.ts";
import { judgeOutcome } from "../differential/judge.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { startFuzzedWaypoint } from "./fuzzed-waypoint.ts";

const width = 16;

export async function openH1Target(): Promise<FuzzTarget> {
  const waypoint = await startFuzzedWaypoint();
  return {
    async play(seeds, tell) {
      const messages = new Map(seeds.map((seed) => [seed, generateMessage(seededRng(seed), `c${seed}`)]));
      const asked = new Map<number, Awaited<ReturnType<typeof askOnce>>>();
      await inParallel([...messages], width, async ([seed, { bytes }]) => {
        const method = /^\s*HEAD /.test(bytes.toString("latin1", 0, 20)) ? "HEAD" : "GET";
        asked.set(seed, await askOnce(wayOf(seed).address, { bytes, method, ends: true }));
      });
      for (const [seed, message] of messages) {
        const { recorder } = wayOf(seed);
        const forwarded = recorder.whole.get(message.id) ?? [];
        const begun = forwarded.length === 0 && recorder.begun.has(message.id);
        for (const problem of judgeOutcome({ message, asked: asked.get(seed)!, forwarded, begun }))
          tell(seed, `${message.mutations.join(" and ") || message.verdict}: ${problem}`);
      }
      for (const { recorder, name } of waypoint.ways) {
        for (const text of recorder.broken)
          tell(seeds[0] ?? 0, `the endpoint by ${name} got what is no request: ${text}`);
        recorder.forget();
      }
      const problem = await waypoint.problem();
      if (problem !== undefined) tell(seeds.at(-1) ?? 0, problem);
    },
    close: async () => await waypoint.close(),
  };

  function wayOf(seed: number): (typeof waypoint.ways)[number] {
    return waypoint.ways[seed % 2 === 0 ? 0 : 1];
  }
}
