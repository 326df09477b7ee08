import { describe, expect, test } from "vitest";
import {
  answerPreflight,
  type CorsInput,
  type CorsPolicy,
  compileCors,
  corsResponseHeaders,
  isPreflight,
} from "./cors.ts";
import { Problems } from "./problems.ts";

function compile(input: CorsInput): CorsPolicy {
  const problems = new Problems();
  const policy = compileCors(input, "filter", problems);
  expect(problems.reasons).toEqual([]);
  return policy;
}

function preflight(input: CorsInput, origin: string, method = "GET", headers?: string): string[] {
  const answer = answerPreflight(compile(input), {
    method: "OPTIONS",
    origin: [origin],
    requestMethod: [method],
    requestHeaders: headers === undefined ? [] : [headers],
  });
  return [String(answer.status), ...answer.headers.map((line) => line.line.trimEnd())];
}

function simple(input: CorsInput, ...origin: string[]): string[] {
  return corsResponseHeaders(compile(input), origin).map((line) => line.line.trimEnd());
}

/** The policies of the conformance test HTTPRouteCORS. */
const listed: CorsInput = {
  allowOrigins: ["https://www.foo.com", "https://*.bar.com"],
  allowMethods: ["GET", "OPTIONS"],
  allowHeaders: ["x-header-1", "x-header-2"],
  exposeHeaders: ["x-header-3", "x-header-4"],
  allowCredentials: true,
  maxAgeSeconds: 3600,
};
const everything: CorsInput = { allowOrigins: ["*"], allowMethods: ["*"], allowHeaders: ["*"] };

describe("a preflight", () => {
  test("from an allowed origin is answered with what is configured", () => {
    expect(preflight(listed, "https://www.foo.com", "GET", "x-header-1, x-header-2")).toEqual([
      "200",
      "Access-Control-Allow-Origin: https://www.foo.com",
      "Access-Control-Allow-Methods: GET, OPTIONS",
      "Access-Control-Allow-Headers: x-header-1, x-header-2",
      "Access-Control-Max-Age: 3600",
      "Access-Control-Allow-Credentials: true",
      "Access-Control-Expose-Headers: x-header-3, x-header-4",
      "Vary: Origin",
    ]);
  });

  test("from any other origin is answered with 403 and without CORS headers", () => {
    expect(preflight(listed, "https://foobar.com")).toEqual(["403", "Vary: Origin"]);
  });

  test("with two origins has none", () => {
    const request = {
      method: "OPTIONS",
      origin: ["https://www.foo.com", "https://x"],
      requestMethod: ["GET"],
      requestHeaders: [],
    };
    expect(answerPreflight(compile(listed), request).status).toBe(403);
  });

  test("of a wildcard with credentials gets what it asked for, never a wildcard", () => {
    const answer = preflight(
      { ...everything, allowCredentials: true, exposeHeaders: ["*"] },
      "https://other.foo.com",
      "PUT",
      "X-A,x-b",
    );
    expect(answer).toEqual([
      "200",
      "Access-Control-Allow-Origin: https://other.foo.com",
      "Access-Control-Allow-Methods: PUT",
      "Access-Control-Allow-Headers: X-A, x-b",
      "Access-Control-Max-Age: 5",
      "Access-Control-Allow-Credentials: true",
      "Vary: Origin",
    ]);
  });

  test("of a wildcard without credentials gets one answer for all origins, and no Allow-Credentials", () => {
    expect(
      preflight({ ...everything, exposeHeaders: ["*"] }, "https://a.com:12345", "PUT", "authorization"),
    ).toEqual([
      "200",
      "Access-Control-Allow-Origin: *",
      "Access-Control-Allow-Methods: PUT",
      "Access-Control-Allow-Headers: authorization",
      "Access-Control-Max-Age: 5",
      "Access-Control-Expose-Headers: *",
    ]);
  });

  test("gets no method or header list where none is configured or what it asks for is no name", () => {
    expect(preflight({ allowOrigins: ["*"] }, "https://a.com")).toEqual([
      "200",
      "Access-Control-Allow-Origin: *",
      "Access-Control-Max-Age: 5",
    ]);
    const answer = preflight(everything, "https://a.com", "G T", "a b");
    expect(answer.join()).not.toContain("Allow-Methods");
    expect(answer.join()).not.toContain("Allow-Headers");
  });

  test.for([
    ["OPTIONS", ["o"], ["GET"], true],
    ["GET", ["o"], ["GET"], false],
    ["OPTIONS", [], ["GET"], false],
    ["OPTIONS", ["o"], [], false],
  ] as const)(
    "is %s with Origin %j and Access-Control-Request-Method %j: %s",
    ([method, origin, requestMethod, expected]) => {
      expect(isPreflight({ method, origin, requestMethod, requestHeaders: [] })).toBe(expected);
    },
  );
});

describe("any other response", () => {
  test("to an allowed origin names it, with credentials and exposed headers", () => {
    expect(simple(listed, "https://www.bar.com")).toEqual([
      "Access-Control-Allow-Origin: https://www.bar.com",
      "Access-Control-Allow-Credentials: true",
      "Access-Control-Expose-Headers: x-header-3, x-header-4",
      "Vary: Origin",
    ]);
  });

  test("to another origin, or to none, only says that it may vary", () => {
    expect(simple(listed, "https://foobar.com")).toEqual(["Vary: Origin"]);
    expect(simple(listed)).toEqual(["Vary: Origin"]);
    expect(simple(everything)).toEqual([]);
    expect(simple({}, "https://a.com")).toEqual(["Vary: Origin"]);
  });
});

describe("origins", () => {
  test.for([
    ["https://*.bar.com", "https://www.bar.com", true, "a label"],
    ["https://*.bar.com", "https://xpto.www.bar.com", true, "several labels"],
    ["https://*.bar.com", "https://bar.com", false, "but not none"],
    ["https://*.bar.com", "https://evilbar.com", false, "the dot counts"],
    ["https://*.bar.com", "http://www.bar.com", false, "the scheme counts"],
    ["https://*.bar.com", "https://www.bar.com:8443", false, "the port counts"],
    ["https://*.bar.com", "https://www.bar.com:443", true, "the scheme's own port is none"],
    ["https://*.bar.com:8443", "https://www.bar.com:8443", true, "a port of the pattern"],
    ["https://*.bar.com", "https://evil.com/.bar.com", false, "a wildcard ends at the host"],
    ["https://*.bar.com", "https://evil.com:1@.bar.com", false, "however it is tried"],
    ["https://*.bar.com", "HTTPS://WWW.BAR.COM", true, "case does not count"],
    ["https://*", "https://any.host", true, "a wildcard alone is every host"],
    ["https://*", "http://any.host", false, "of its scheme"],
    ["https://*:8443", "https://any.host:8443", true, "and port"],
    ["https://*:8443", "https://any.host", false, "and no other port"],
    ["http://a.com:80", "http://a.com", true, "80 is http's own port"],
    ["http://a.com", "http://a.com:80", true, "either way"],
    ["http://a.com:443", "http://a.com", false, "443 is not"],
    ["https://a.com", "null", false, "null is no host"],
    ["*", "null", true, "but any origin"],
  ] as const)("%s and %s: %s, %s", ([allowed, origin, expected]) => {
    const answer = simple({ allowOrigins: [allowed], allowCredentials: true }, origin);
    expect(answer.includes(`Access-Control-Allow-Origin: ${origin}`)).toBe(expected);
  });

  test.for([
    "foo.com",
    "https://",
    "ftp://a.com",
    "https://a.com/path",
    "https://a.*.com",
    "https://*.*.com",
    "https://a b",
    "",
    "https://a.com:99999",
  ])("%j is not an origin", (origin) => {
    const problems = new Problems();
    compileCors({ allowOrigins: [origin] }, "filter", problems);
    expect(problems.reasons).toHaveLength(1);
    expect(problems.reasons[0]).toMatch(/^filter\.allowOrigins\[0\]: /);
  });

  test("names of methods and headers are tokens (R12)", () => {
    const problems = new Problems();
    compileCors({ allowMethods: ["G\r\n"], allowHeaders: ["a b"], exposeHeaders: [""] }, "f", problems);
    expect(problems.reasons.map((reason) => reason.split(":")[0])).toEqual([
      "f.exposeHeaders[0]",
      "f.allowMethods[0]",
      "f.allowHeaders[0]",
    ]);
  });
});
