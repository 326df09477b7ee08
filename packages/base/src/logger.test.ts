import { expect, test } from "vitest";
import { createLogger, type Logger, type LogLevel, silentLogger } from "./logger.ts";

function open(level: LogLevel): { logger: Logger; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const logger = createLogger({ level, stream: { write: (line) => written.push(line) } });
  const lines = (): Record<string, unknown>[] =>
    written.splice(0).map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, lines };
}

function logAll(logger: Logger): void {
  for (const level of ["debug", "info", "warn", "error"] as const) logger[level]({}, level);
}

test("a line is JSON with time, level, fields and message, and nothing of the process", () => {
  const { logger, lines } = open("info");
  logger.info({ port: 80, route: "ns/r" }, "listening");
  const [line] = lines();
  expect(line).toEqual({
    level: "info",
    time: expect.any(String),
    port: 80,
    route: "ns/r",
    msg: "listening",
  });
  expect(line?.["time"]).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
});

test.for<[LogLevel, string[]]>([
  ["debug", ["debug", "info", "warn", "error"]],
  ["info", ["info", "warn", "error"]],
  ["warn", ["warn", "error"]],
  ["error", ["error"]],
  ["silent", []],
])("at level %s come %j", ([level, expected]) => {
  const { logger, lines } = open(level);
  logAll(logger);
  expect(lines().map(({ msg }) => msg)).toEqual(expected);
});

test("a child has its fields on every line, and its own children too", () => {
  const { logger, lines } = open("info");
  logger.child({ worker: 1 }).child({ port: 80 }).warn({ route: "r" }, "late");
  expect(lines()).toEqual([
    expect.objectContaining({ level: "warn", worker: 1, port: 80, route: "r", msg: "late" }),
  ]);
});

test("a child follows the level of its parent as it changes", () => {
  const { logger, lines } = open("error");
  const child = logger.child({}).child({});
  logger.level = "debug";
  expect(child.level).toBe("debug");
  child.debug({}, "now heard");
  logger.level = "silent";
  child.error({}, "not heard");
  expect(lines().map(({ msg }) => msg)).toEqual(["now heard"]);
});

test("a child whose own level was set keeps it, and its parent's stays", () => {
  const { logger, lines } = open("info");
  const child = logger.child({});
  child.level = "error";
  logger.level = "warn";
  expect([logger.level, child.level]).toEqual(["warn", "error"]);
  logAll(child);
  expect(lines().map(({ msg }) => msg)).toEqual(["error"]);
});

test("an error is its message, with the stack only at level debug", () => {
  const { logger, lines } = open("info");
  const error = new Error("no such file");
  logger.warn({ error, file: "a.yaml" }, "not read");
  logger.level = "debug";
  logger.child({ cause: error }).warn({ error }, "not read");
  const [plain, debugged] = lines();
  expect(plain).toMatchObject({ error: "no such file", file: "a.yaml" });
  expect(debugged).toMatchObject({ error: error.stack, cause: error.stack });
});

test("the silent logger says nothing", () => {
  expect(silentLogger.level).toBe("silent");
  logAll(silentLogger);
});
