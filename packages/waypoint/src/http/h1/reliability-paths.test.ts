/** Paths and queries on the wire: reference 3.3, T05 to T09. The functions behind them have tables in engine/path. */
import { MatchType } from "@waystone/api/resources";
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { headerValue } from "@waystone/testkit/read-message";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectForwarded, expectRefused } from "./testdata/expect-verdict.ts";
import { forwarded, openWireRig, type WireRig } from "./testdata/wire-rig.ts";

const backends = [{ service: "shop/web", port: 80, weight: 1 }];
const path = (type: number, value: string): { type: number; value: string } => ({ type, value });

let rig: WireRig;
beforeAll(async () => {
  rig = await openWireRig({
    rules: [
      {
        matches: [{ path: path(MatchType.PREFIX, "/moved") }],
        filters: [{ requestRedirect: { statusCode: 302 } }],
      },
      { matches: [{ path: path(MatchType.PREFIX, "/secret") }], backends: [] },
      { matches: [{ path: path(MatchType.REGULAR_EXPRESSION, "/v[0-9]/a.b") }], backends: [] },
      {
        matches: [
          {
            path: path(MatchType.PREFIX, "/query"),
            queryParams: [{ name: "a", type: MatchType.EXACT, value: "1" }],
          },
        ],
        backends: [],
      },
      { matches: [{ path: path(MatchType.PREFIX, "/") }], backends },
    ],
  });
});
afterAll(async () => await rig.close());

const hidden = "GET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n";
const get = (target: string, host = "a.test"): string => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const upstream = (target: string, host = "a.test"): string =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${forwarded}\r\n`;

describe("paths", () => {
  test.for([
    ["//admin", "//admin"],
    ["/a/../admin", "/admin"],
    ["/./admin", "/admin"],
    ["/%2e%2e/admin", "/admin"],
    ["/%61dmin", "/admin"],
    ["/admin;x", "/admin;x"],
    ["/%252e", "/%252e"],
    ["/admin?", "/admin?"],
    ["/ADMIN", "/ADMIN"],
    ["/..", "/"],
    ["/a/.?b/..", "/a/?b/.."],
    ["/caf%c3%a9", "/caf%C3%A9"],
  ])("[T05] %s goes upstream as %s", async ([target, expected]) => {
    await expectForwarded(rig, get(target!), upstream(expected!));
  });

  test.for([
    "\\admin",
    "/a\\b",
    "/admin%00",
    "/%c0%af",
    "/admin#f",
    "/%zz",
    "/%4",
    "/%",
    "/a/..;/b",
    "?x",
    "",
  ])("[T05] %j is refused", async (target) => {
    await expectRefused(rig, get(target) + hidden);
  });

  // The rule for /secret has no backend: 500 says that it matched.
  test.for([
    "/secret",
    "/%73ecret",
    "/./secret",
    "/x/../secret/y",
    "/x/%2e%2E/secret",
    "/%2e/sec%72et/",
    "/secret/../secret",
  ])("[T05] %s is matched as what it is", async (target) => {
    const verdict = await rig.judge(get(target));
    expect(verdict).toEqual({ statuses: [500], connection: "open", upstream: "", requests: 0 });
  });

  test.for([
    ["/admin%2f", "/admin%2F"],
    ["/admin%5c", "/admin%5C"],
    ["/x%2F..%2Fsecret", "/x%2F..%2Fsecret"],
    ["/%2fsecret", "/%2Fsecret"],
    ["/x%5C..%5csecret", "/x%5C..%5Csecret"],
  ])("[T06] %s is no separator: it goes upstream as %s", async ([target, expected]) => {
    await expectForwarded(rig, get(target!), upstream(expected!));
  });

  const raw = [
    "/a\xc3\xa9",
    "/\xc0\xaf",
    '/a"b',
    "/a<b",
    "/a>b",
    "/a{b}",
    "/a|b",
    "/a^b",
    "/a`b",
    "/a b",
    "/a\tb",
  ];
  test.for([...raw, "/?q=\xff", '/?"', "/?<", "/?{", "/?#", "/? "])("[T07] %j is refused", async (target) => {
    await expectRefused(rig, get(target) + hidden);
  });

  test("[T07] escaped line ends stay escaped: upstream, in a Location and in the log", async () => {
    // What a try before has sent besides is not of this one.
    await rig.judge(get("/"));
    await expectForwarded(rig, get("/a%0d%0aX:%20y?%0d%0a"), upstream("/a%0D%0AX:%20y?%0d%0a"));
    const client = await openRawClient({ port: rig.port });
    await client.send(get("/moved%0d%0aX:%20y/%0D%0Ab"));
    await client.send(get("/moved/%0D%0AX:%20y?%0d%0aZ:z"));
    await client.readResponse();
    const response = await client.readResponse();
    expect(headerValue(response, "location")).toBe("http://a.test/moved/%0D%0AX:%20y?%0d%0aZ:z");
    client.close();
  });

  test.for([
    ["/secret/x", 500],
    ["/secrets", 200],
    ["/secret%2Fx", 200],
    ["/v1/a.b", 500],
    ["/v1/axb", 500],
    ["/v1/a.b/c", 200],
    ["/x/v1/a.b", 200],
    ["/v12/a.b", 200],
  ] as const)(
    "[T08] prefixes match whole elements, expressions match in full: %s is %i",
    async ([target, status]) => {
      expect((await rig.judge(get(target))).statuses).toEqual([status]);
    },
  );
});

describe("the query", () => {
  test.for([
    "?",
    "?a=1&a=2",
    "?a+b=c+d",
    "?a=&b&=c",
    "?a;b;c",
    "?%61=%3d&%2e",
    "?a=/../b?c",
    "?a=\\|^`[]",
    "?a=1&&a=1&",
  ])("[T09] %s is forwarded byte for byte", async (query) => {
    await expectForwarded(rig, get(`/x/../y${query}`), upstream(`/y${query}`));
  });

  test.for([
    ["?a=1", 500],
    ["?b=2&a=1&a=2", 500],
    ["?a=2&a=1", 200],
    ["?A=1", 200],
    ["?a=11", 200],
    ["?a", 200],
    ["", 200],
  ] as const)("[T09] a match looks at the first parameter of its name: %s is %i", async ([query, status]) => {
    expect((await rig.judge(get(`/query${query}`))).statuses).toEqual([status]);
  });
});
