import { silentLogger } from "@waystone/base/logger";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { within } from "@waystone/testkit/within";
import { afterEach, describe, expect, test } from "vitest";
import { openSourceAnswers } from "./answer-source.ts";
import { judgeSource, type OwnPlace, type SourceVerdict } from "./judge-source.ts";
import { openSourceProbe, type SourceProbeResult } from "./probe-source.ts";

const own: OwnPlace = { pod: "controller-a", addresses: ["10.1.0.5", "fd00::5"] };

describe("source addresses", () => {
  test.for<[string, SourceVerdict, readonly [address: string, pod: string][]]>([
    ["are kept where another pod saw our own address", "kept", [["10.1.0.5", "controller-b"]]],
    ["are kept where it saw another of our addresses", "kept", [["fd00::5", "controller-b"]]],
    ["are lost where another pod saw the node's", "lost", [["192.0.2.1", "controller-b"]]],
    [
      "are lost where one pod in two saw a foreign one",
      "lost",
      [
        ["10.1.0.5", "controller-b"],
        ["192.0.2.1", "controller-c"],
      ],
    ],
    ["are unknown where nobody answered", "unknown", []],
    [
      "are unknown where only we answered: kube-proxy masquerades that",
      "unknown",
      [["192.0.2.1", "controller-a"]],
    ],
  ])("%s", ([, verdict, answers]) => {
    expect(
      judgeSource(
        own,
        answers.map(([address, pod]) => ({ address, pod })),
      ).verdict,
    ).toBe(verdict);
  });
});

describe("the probe", () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function probe(self: OwnPlace, answeringPod: string) {
    const answers = await openSourceAnswers({ pod: answeringPod, address: "127.0.0.1", port: 0 });
    const graph = createCollectionGraph();
    const into = graph.source<SourceProbeResult>({ name: "source-probe", key: ({ key }) => key });
    const told = Promise.withResolvers<SourceProbeResult>();
    into.subscribe(() => told.resolve(into.get("source")!));
    const clock = new ManualClock();
    const open = openSourceProbe({
      own: self,
      host: "127.0.0.1",
      port: answers.port,
      into,
      clock,
      logger: silentLogger,
    });
    closing.push(
      () => answers.close(),
      () => open.close(),
    );
    return { result: await within(told.promise, "the first result"), into, clock, answers };
  }

  test("learns from a real connection under which address it was seen", async () => {
    const { result } = await probe({ pod: "a", addresses: ["127.0.0.1"] }, "b");
    expect(result.verdict).toBe("kept");
  });

  test("says what was seen instead, and where to look", async () => {
    const { result } = await probe({ pod: "a", addresses: ["10.1.0.5"] }, "b");
    expect(result.verdict).toBe("lost");
    expect(result.message).toContain("was seen as 127.0.0.1");
  });

  test("does not forget what it knew when nobody answers any more", async () => {
    const { into, clock, answers } = await probe({ pod: "a", addresses: ["127.0.0.1"] }, "b");
    await answers.close();
    clock.advance(300_000);
    const asked = async (): Promise<void> => {
      // It asks again soon, because it is in doubt: only then has it given up on this one.
      while (clock.nextInMs !== 3_000) await new Promise((resolve) => setImmediate(resolve));
    };
    await within(asked(), "the end of the second probe");
    expect(into.get("source")?.verdict).toBe("kept");
  });
});
