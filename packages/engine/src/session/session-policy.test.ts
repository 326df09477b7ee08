import { expect, test } from "vitest";
import { SessionPersistenceType, type SessionPersistenceResource } from "@waystone/api/resources";
import { Problems } from "../route/problems.ts";
import { compileSession } from "./session-policy.ts";

function compile(resource: SessionPersistenceResource) {
  const problems = new Problems();
  return { policy: compileSession(resource, "session", problems), reasons: problems.reasons };
}

const cookie = { sessionName: "cart", cookiePath: "/" };

test("a cookie lives as long as the browser, is hidden from scripts and of one site (GEP-1619); not Secure: waypoints serve cleartext", () => {
  expect(compile(cookie)).toEqual({
    policy: {
      type: "cookie",
      name: "cart",
      absoluteTimeoutMs: 0,
      linePrefix: "Set-Cookie: cart=",
      lineSuffix: "; Path=/; HttpOnly; SameSite=Strict\r\n",
    },
    reasons: [],
  });
});

test("a session with a time-out in a cookie of the browser's session has no Max-Age: the token says when it began", () => {
  expect(compile({ ...cookie, absoluteTimeoutMs: 90_000 }).policy?.lineSuffix).not.toContain("Max-Age");
});

test("a permanent cookie has the time-out as its Max-Age, in whole seconds and never 0", () => {
  const { policy } = compile({
    ...cookie,
    permanentCookie: true,
    absoluteTimeoutMs: 90_001,
    cookiePath: "/shop",
  });
  expect(policy?.lineSuffix).toBe("; Path=/shop; Max-Age=91; HttpOnly; SameSite=Strict\r\n");
});

test("a header keeps the case it was written in, and is found in any", () => {
  const { policy } = compile({ type: SessionPersistenceType.SESSION_HEADER, sessionName: "X-Cart" });
  expect(policy).toMatchObject({
    type: "header",
    name: "x-cart",
    linePrefix: "X-Cart: ",
    lineSuffix: "\r\n",
  });
});

test.for<[string, SessionPersistenceResource, string]>([
  ["a cookie's name that is no token", { ...cookie, sessionName: "a;b" }, "session.sessionName"],
  ["no name", { ...cookie, sessionName: "" }, "session.sessionName"],
  ["a path with an attribute behind it", { ...cookie, cookiePath: "/; Domain=x" }, "session.cookiePath"],
  ["a path with a line end", { ...cookie, cookiePath: "/\r\nX: y" }, "session.cookiePath"],
  ["a path without its slash", { ...cookie, cookiePath: "shop" }, "session.cookiePath"],
  ["a permanent cookie without an end", { ...cookie, permanentCookie: true }, "session.absoluteTimeoutMs"],
  [
    "a header that frames",
    { type: SessionPersistenceType.SESSION_HEADER, sessionName: "Content-Length" },
    "session.sessionName",
  ],
  [
    "a header that means something",
    { type: SessionPersistenceType.SESSION_HEADER, sessionName: "Set-Cookie" },
    "session.sessionName",
  ],
  [
    "a header's name that is no token",
    { type: SessionPersistenceType.SESSION_HEADER, sessionName: "a b" },
    "session.sessionName",
  ],
])("refused: %s", ([, resource, field]) => {
  const { reasons } = compile(resource);
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toContain(`${field}: `);
});
