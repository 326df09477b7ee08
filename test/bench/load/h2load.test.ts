import { expect, test } from "vitest";
import { grpcMessage, readH2load } from "./h2load.ts";

test("h2load's words become figures; answers that are no success are errors", () => {
  const output = `finished in 2.00s, 1000.50 req/s, 1.00MB/s
requests: 2001 total, 2011 started, 2001 done, 2001 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 1990 2xx, 1 3xx, 0 4xx, 10 5xx`;
  expect(readH2load(output)).toEqual({ requests: 2001, requestsPerSecond: 1000.5, errors: 10 });
});

test("a message has a flag, its length and its bytes", () => {
  expect(grpcMessage(3)).toEqual(Buffer.from("\0\0\0\0\x03xxx"));
});
