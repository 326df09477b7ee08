/** Until others are served again, whatever was done before; and how long that took. */
import { setTimeout as sleep } from "node:timers/promises";
import { askOnce } from "./ask-once.ts";

const deadlineMs = 30_000;

export async function untilServed(host: string, port: number): Promise<number> {
  const start = performance.now();
  for (let inARow = 0; inARow < 10; ) {
    const answer = await askOnce(host, port);
    inARow = answer === "200" ? inARow + 1 : 0;
    if (performance.now() - start > deadlineMs) {
      throw new Error(`it does not serve again: ${answer} after ${deadlineMs / 1000} s`);
    }
    await sleep(50);
  }
  return performance.now() - start;
}
