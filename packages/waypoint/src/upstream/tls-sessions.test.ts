/** Which sessions are resumed (RFC 8446 C.4; never by another identity: backend-tls.test.ts). */
import { expect, test } from "vitest";
import { TlsSessions } from "./tls-sessions.ts";

const ticket = (text: string): Buffer => Buffer.from(text);

test("a ticket of TLS 1.3 is used once, the newest first", () => {
  const sessions = new TlsSessions();
  sessions.keep(ticket("one"), true, 0);
  sessions.keep(ticket("two"), true, 0);
  expect([sessions.take(1), sessions.take(1), sessions.take(1)]).toEqual([
    ticket("two"),
    ticket("one"),
    undefined,
  ]);
});

test("a session of TLS 1.2 is used until there is another", () => {
  const sessions = new TlsSessions();
  sessions.keep(ticket("one"), false, 0);
  expect([sessions.take(1), sessions.take(2)]).toEqual([ticket("one"), ticket("one")]);
  sessions.keep(ticket("two"), false, 3);
  expect([sessions.take(4), sessions.take(4)]).toEqual([ticket("two"), ticket("two")]);
});

test("none is used after ten minutes, however many there are", () => {
  const sessions = new TlsSessions();
  for (const name of ["one", "two", "three", "four", "five"]) sessions.keep(ticket(name), true, 0);
  expect(sessions.take(600_000)).toEqual(ticket("five"));
  expect(sessions.take(600_001)).toBeUndefined();
  expect(sessions.take(0)).toBeUndefined();
});

test("four are kept at most, and none once one has failed", () => {
  const sessions = new TlsSessions();
  for (const name of ["one", "two", "three", "four", "five"]) sessions.keep(ticket(name), true, 0);
  expect(Array.from({ length: 5 }, () => sessions.take(0)?.toString())).toEqual([
    "five",
    "four",
    "three",
    "two",
    undefined,
  ]);
  sessions.keep(ticket("six"), true, 0);
  sessions.clear();
  expect(sessions.take(0)).toBeUndefined();
});
