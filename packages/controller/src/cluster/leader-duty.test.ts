import { expect, test } from "vitest";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { LeaderDuty, type LeaderTask } from "./leader-duty.ts";

const turn = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

function world() {
  const clock = new ManualClock();
  const said: string[] = [];
  const duty = new LeaderDuty({ clock, rng: seededRng(1), logger: silentLogger });
  const task = (name: string, failures = 0): LeaderTask => ({
    name,
    open() {
      if (failures-- > 0) throw new Error("not yet");
      said.push(`open ${name}`);
      return {
        async close() {
          await turn();
          said.push(`close ${name}`);
        },
      };
    },
  });
  return { clock, said, duty, task };
}

test("tasks are opened in their order and closed in the other", async () => {
  const { said, duty, task } = world();
  duty.begin([task("a"), task("b")]);
  await turn();
  await duty.end();
  expect(said).toEqual(["open a", "open b", "close b", "close a"]);
});

test("a task that can't be opened is tried again, and others do not wait for it", async () => {
  const { clock, said, duty, task } = world();
  duty.begin([task("a", 2), task("b")]);
  await turn();
  expect(said).toEqual(["open b"]);
  clock.advance(30_000);
  await turn();
  clock.advance(30_000);
  await turn();
  expect(said).toEqual(["open b", "open a"]);
  await duty.end();
});

test("what was not opened when the lease was lost is not opened after it", async () => {
  const { clock, said, duty, task } = world();
  duty.begin([task("a", 1)]);
  await turn();
  await duty.end();
  clock.advance(60_000);
  await turn();
  expect(said).toEqual([]);
});

test("elected again while it ends: everything is closed before it is opened again", async () => {
  const { said, duty, task } = world();
  duty.begin([task("a")]);
  await turn();
  const ended = duty.end();
  duty.begin([task("a")]);
  await ended;
  await turn();
  expect(said).toEqual(["open a", "close a", "open a"]);
  await duty.end();
});

test("a task that fails to close does not keep the others open", async () => {
  const { said, duty, task } = world();
  const broken: LeaderTask = { name: "b", open: () => ({ close: () => Promise.reject(new Error("no")) }) };
  duty.begin([task("a"), broken]);
  await turn();
  await duty.end();
  expect(said).toEqual(["open a", "close a"]);
});
