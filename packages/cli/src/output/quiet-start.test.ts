import { createLogger } from "@waystone/base/logger";
import { expect, test } from "vitest";
import { startQuietly } from "./quiet-start.ts";

test("nothing is logged until the start is over, by children neither; then everything is, at the level of the time", () => {
  const lines: string[] = [];
  const inner = createLogger({ level: "info", stream: { write: (line) => void lines.push(line) } });
  const start = startQuietly(inner);
  const { logger } = start;
  const child = logger.child({ part: "files" });
  logger.error({}, "early");
  child.warn({}, "early");
  expect(lines).toEqual([]);
  start.speak();
  child.info({}, "late");
  logger.debug({}, "too fine");
  logger.level = "debug";
  logger.debug({}, "fine");
  expect(inner.level).toBe("debug");
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(["late", "fine"]);
  expect(lines[0]).toContain('"part":"files"');
});
