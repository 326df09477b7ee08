/** What expressions mean, what is refused, and what they may cost (CEL language definition; design/0005-who-asks.md, "CEL"). */
import { describe, expect, test } from "vitest";
import { httpPlace, makeRequest } from "../testing/policy-rig.ts";
import { compileCel } from "./compile-cel.ts";
import { CelFailure } from "./cel-value.ts";

const gold = makeRequest({
  method: "POST",
  path: "/orders/7",
  query: "dry=1",
  host: "api.shop",
  headers: { "x-tier": ["gold"], "x-two": ["a", "b"], "x-name": ["J\xc3\xb6rg"], "x-bad": ["\xff"] },
  namespace: "shop",
  serviceAccount: "web",
  labels: { app: "web" },
  timeMs: Date.parse("2030-01-31T13:05:00Z"),
  token: {
    principal: "https://id/alice",
    audiences: ["shop", "stock"],
    claims: { iss: ["https://id"], sub: ["alice"], groups: ["dev", "ops"], level: ["7"] },
  },
});
const stranger = makeRequest({ path: "/" });

function evaluate(source: string, request = gold): boolean | string {
  const expression = compileCel(source);
  if (typeof expression === "string") return `refused: ${expression}`;
  const value = expression.evaluate(request, httpPlace);
  return value instanceof CelFailure ? `failed: ${value.reason}` : value;
}

describe("an expression is true or false", () => {
  test.for([
    ['request.method == "POST" && request.path.startsWith("/orders/")', true],
    ["request.method in ['GET', 'HEAD']", false],
    ['request.query == "dry=1" && request.host == "api.shop"', true],
    ['request.headers["x-tier"] == "gold"', true],
    ["request.headers.accept == 'x'", "failed: something that it asks for is not there"],
    ['"x-tier" in request.headers && !("accept" in request.headers)', true],
    ['request.headers["x-name"] == "Jörg" && size(request.headers["x-name"]) == 4', true],
    ['source.namespace == "shop" && source.serviceAccount == "web"', true],
    ['source.labels.app == "web" && source.address == "10.1.0.9"', true],
    ['destination.service == "api" && destination.namespace == "shop" && destination.port == 80', true],
    ['token.issuer == "https://id" && token.subject == "alice"', true],
    ['"shop" in token.audiences', true],
    ['token.claims["groups"].exists(group, group.endsWith("ps"))', true],
    ['token.claims.groups.all(group, group != "root")', true],
    ["token.claims.groups.exists_one(x, x == 'dev')", true],
    ["token.claims.groups.filter(x, x.contains('e')).map(x, x + '!') == ['dev!']", true],
    ['int(token.claims.level[0]) * 2 - 4 > 9 && string(7) == "7" && -7 % 2 == -1', true],
    ["request.time.getDayOfWeek() == 4 && request.time.getHours() in [12, 13]", true],
    ['request.time < timestamp("2030-02-01T00:00:00+01:00")', true],
    ['request.path.matches("[0-9]+$") && !request.path.matches("^[0-9]+$")', true],
    ['destination.port == 80 ? source.namespace == "shop" : false', true],
    ['[1, 2].exists(x, ["a"].exists(y, x == 2 && y == "a"))', true],
    ["'It\\'s' + \"\\x41\\u00e9\" == r'It' + \"'sA\" + 'é' // a comment", true],
    ["has(token.claims.groups) && !has(token.claims.mail) && has(source.namespace)", true],
  ] as const)("%s: %s", ([source, expected]) => {
    expect(evaluate(source)).toBe(expected);
  });
});

describe("what is not known is a failure, and never an empty text that would be equal to another", () => {
  test.for([
    ["source.namespace == token.subject", "failed: something that it asks for is not there"],
    ['source.namespace != "shop"', "failed: something that it asks for is not there"],
    ["has(source.namespace) || has(token.subject) || has(source.labels.app)", false],
    ["source.namespace == 'a' || request.path == '/'", true],
    ["request.path == '/' || source.namespace == 'a'", true],
    ["source.namespace == 'a' && request.path == '/x'", false],
    ["source.namespace == 'a' || request.path == '/x'", "failed: something that it asks for is not there"],
    ["!has(token.subject) ? true : token.subject == 'root'", true],
  ] as const)("%s: %s", ([source, expected]) => {
    expect(evaluate(source, stranger)).toBe(expected);
  });
});

describe("a failure at run time is told", () => {
  test.for([
    ["request.headers['x-two'] == 'a'", "failed: a header has several lines"],
    ["request.headers['x-bad'] == 'a'", "failed: a text is not UTF-8"],
    ["token.audiences[2] == 'a'", "failed: a number or index is out of range"],
    ["destination.port / 0 == 1 || destination.port % 0 == 1", "failed: a number or index is out of range"],
    ["9007199254740991 + destination.port > 1", "failed: a number or index is out of range"],
    ["int(token.subject) == 1", "failed: a text is not a number"],
  ] as const)("%s: %s", ([source, expected]) => {
    expect(evaluate(source)).toBe(expected);
  });
});

describe("what cannot be right is refused, with the place and what would be", () => {
  test.for([
    ["request.method", "is a text; it has to be true or false"],
    [
      "request.foo == 1",
      "character 8: there is no request.foo; there are method, path, query, host, time, headers",
    ],
    ["user == 1", "character 1: there is no user; there are request, source, destination and token"],
    ["request == 1", "character 1: request is asked by its fields: method, path, query, host, time, headers"],
    ["request.headers == 1", 'character 8: request.headers is asked by a key, as in request.headers["x"]'],
    ["request.headers['X-Tier'] == 'a'", "character 17: names of headers are in lower case: x-tier"],
    ["'X-Tier' in request.headers", "character 1: names of headers are in lower case: x-tier"],
    ["destination.port == '80'", "character 18: a number == a text is not possible"],
    ["request.path + 1 == ''", "character 14: a text + a number is not possible"],
    ["[1, 'a'] == []", "character 5: a list is of one type: a text among a number"],
    ["'a' in [1]", "character 5: a text cannot be in a list of int"],
    ["true ? 1 : 'a'", "character 12: is a number or a text; both have to be the same"],
    ["!request.path", "character 9: is a text where true or false is expected"],
    ["request.path.exists(x, true)", "character 13: exists goes over a list, and not a text"],
    [
      "[1].exists(x)",
      'character 4: exists has a variable and what is asked of it, as in exists(x, x == "a")',
    ],
    [
      "request.path.matches(request.query)",
      "character 13: matches() takes an expression in quotes, so that it can be checked and compiled",
    ],
    ["request.path.matches('(')", /^character 22: the expression "\(" is not RE2 syntax/],
    ["request.path.matches(')(')", /^character 22: .* is not RE2 syntax/],
    ["'a'.constructor('b')", /^character 4: there is no constructor\(\); there are size, /],
    ["foo(1)", "character 1: there is no foo(); there are size, timestamp, has, int, string"],
    ["size(1) == 1", "character 1: size is not for a number"],
    ["has(request)", "character 1: has() asks for a field, as in has(token.subject)"],
    ["timestamp('now') > request.time", 'character 11: "now" is no time such as 2030-01-31T00:00:00Z'],
    ["request.path ==", "character 16: the expression ends too early"],
    ["request.path == 'a' 'b'", 'character 21: "b" is not expected here'],
    ["1.5 > 1", "character 1: 1.5: numbers are whole here, such as 80"],
    ["request.method == null", "character 19: null is not supported: nothing here is null, ask has(...)"],
    ["b'a' == b'a'", "character 1: bytes are not supported: nothing here is bytes"],
    ["request.path = 'a'", 'character 14: "=" is not expected here'],
    ["99999999999999999 > 1", "character 1: 99999999999999999 is too large a number"],
    [`true${" ".repeat(1024)}`, "character 1025: longer than 1024 characters; shorten it"],
    [
      `${"(".repeat(40)}true${")".repeat(40)}`,
      "character 25: nested deeper than 24; make several expressions of it",
    ],
    [`1${"+1".repeat(130)} > 1`, /^character \d+: more than 256 parts; make several expressions of it/],
    [
      "token.audiences.exists(a, token.audiences.exists(b, token.audiences.exists(c, a == b && b == c)))",
      "could take 2109634 steps, more than 10000; nest fewer exists, all, filter and map",
    ],
  ] as const)("%s", ([source, expected]) => {
    const refused = compileCel(source);
    if (typeof expected === "string") expect(refused).toBe(expected);
    else expect(refused).toMatch(expected);
  });
});

describe("what a request brings cannot make an expression expensive", () => {
  const long = makeRequest({
    path: `/${"a".repeat(60_000)}`,
    token: { audiences: Array.from({ length: 20_000 }, (_, at) => `a${at}`) },
  });
  test.for([
    "token.audiences.exists(a, a == 'b')",
    "token.audiences.all(a, a != 'b')",
    "token.audiences.map(a, a + 'b') == []",
    "'b' in token.audiences",
    "token.audiences.exists(a, request.path.contains(a))",
    "['x', 'y'].exists(a, request.path.matches('(a+)+x$'))",
    "[request.path + request.path].exists(a, [a + a].exists(b, [b + b].exists(c, c + c == 'x')))",
  ])("%s ends as a failure", (source) => {
    expect(evaluate(source, long)).toBe("failed: it took too many steps");
  });
});

test("an expression holds on to nothing of the request that it judged", () => {
  const expression = compileCel("token.audiences.exists(a, a == request.path)");
  if (typeof expression === "string") throw new Error(expression);
  expect(expression.evaluate(gold, httpPlace)).toBe(false);
  expect(expression.evaluate(stranger, httpPlace)).toBeInstanceOf(CelFailure);
});
