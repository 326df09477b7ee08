/** Whose memory may serve again when a request's body is not needed any more. */
import { expect, test } from "vitest";
import { RequestBody } from "./request-body.ts";

const limitBytes = 64 * 1024;

test("what an authorizer was lent stays as it is when the exchange has gone on without it (a shadowed policy asks beside the request)", () => {
  const body = new RequestBody(limitBytes);
  body.hold(Buffer.from("the first client's"));
  const lent = body.lend();
  body.end(undefined);
  body.drop();
  const next = new RequestBody(limitBytes);
  next.hold(Buffer.from("another client's secret"));
  expect(Buffer.concat(lent).toString()).toBe("the first client's");
});

test("the memory of a small body that nobody was lent serves the next one", () => {
  const body = new RequestBody(limitBytes);
  body.hold(Buffer.from("a"));
  const memory = body.pieces[0]?.buffer;
  body.drop();
  const next = new RequestBody(limitBytes);
  next.hold(Buffer.from("b"));
  expect(next.pieces[0]?.buffer).toBe(memory);
});
