import { expect, test } from "vitest";
import { readWrk } from "./wrk.ts";

test("wrk's words become figures, errors of both kinds added up", () => {
  const output = `Running 2s test @ http://127.0.0.1:1/
  Socket errors: connect 1, read 2, write 0, timeout 3
  123456 requests in 2.10s, 1.50GB read
  Non-2xx or 3xx responses: 4
Requests/sec:  58788.57
Transfer/sec:    731.43MB`;
  expect(readWrk(output)).toEqual({
    requests: 123456,
    requestsPerSecond: 58788.57,
    bytes: 1.5 * 2 ** 30,
    errors: 10,
  });
});
