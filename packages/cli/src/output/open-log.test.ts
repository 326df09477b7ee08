import { expect, test } from "vitest";
import { renderLogLine } from "./open-log.ts";

test("a log line for people: time, level, message, and then what belongs to it", () => {
  const json =
    '{"level":"warn","time":"2026-11-22T10:14:03.123Z","object":"Service/shop/web","retryMs":15.2,"msg":"no endpoint is ready"}';
  expect(renderLogLine(json)).toBe(
    "10:14:03 warn  no endpoint is ready  object=Service/shop/web  retryMs=15.2\n",
  );
});

test("a value of several lines stays on the line", () => {
  const json = '{"level":"error","time":"2026-11-22T10:14:03.123Z","stack":"a\\nb","msg":"m"}';
  expect(renderLogLine(json)).toBe('10:14:03 error m  stack="a\\nb"\n');
});
