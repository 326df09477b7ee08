/** The attacker's process: told which attack to run against whom and for how long, tells what it counted. */
import { allAttacks } from "./attacks/all-attacks.ts";
import type { AttackOrder, Tally } from "./attack.ts";

process.on("message", (order: AttackOrder) => void run(order));

async function run(order: AttackOrder): Promise<void> {
  const attack = allAttacks.find(({ name }) => name === order.attack);
  const tally: Record<string, number> = {};
  const end = performance.now() + order.seconds * 1000;
  await attack?.run({
    ...order,
    isOver: () => performance.now() >= end,
    count(what, times = 1) {
      tally[what] = (tally[what] ?? 0) + times;
    },
  });
  process.send?.(tally satisfies Tally);
}
