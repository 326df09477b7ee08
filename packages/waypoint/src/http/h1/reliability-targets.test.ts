/** Target, Host and path on the wire: reference 3.3, T01 to T09. The functions behind them have tables in engine/path. */
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

describe("Host", () => {
  test("[T01] no Host is refused, but on HTTP/1.0", async () => {
    await expectRefused(rig, `GET / HTTP/1.1\r\nA: b\r\n\r\n${hidden}`);
    const { statuses } = await rig.judge("GET / HTTP/1.0\r\n\r\n");
    expect(statuses).toEqual([200]);
  });

  test.for([
    "Host: a.test\r\nHost: a.test",
    "Host: a.test\r\nHost: b.test",
    "Host: a.test\r\nA: b\r\nhost: b.test",
    "Host: a.test\r\nHost:",
    "Host:",
    "Host: ",
    "Host : a.test",
    "Host",
  ])("[T01] two, or an empty, or a broken Host line is refused: %j", async (lines) => {
    await expectRefused(rig, `GET / HTTP/1.1\r\n${lines}\r\n\r\n${hidden}`);
  });

  const hosts = [
    "a.test, b.test",
    "user@a.test",
    "a.test/path",
    "a.test?x",
    "a.test#x",
    "a\\b",
    "a b",
    "a.test\0",
  ];
  test.for([
    ...hosts,
    "a.test:99999",
    "a.test:0",
    "a.test:",
    "a.test:80:80",
    "a.test:x",
    "a.test:080",
    "::1",
    "[::1",
  ])("[T01] Host: %j is refused", async (host) => {
    await expectRefused(rig, get("/", host) + hidden);
  });

  test.for([
    "http://a.test",
    "a..test",
    ".a.test",
    "a.test..",
    "[::1]x",
    "[1.2.3.4]",
    "a%2etest",
    "a\xe9.test",
  ])("[T01] Host: %j is refused, too", async (host) => {
    await expectRefused(rig, get("/", host) + hidden);
  });

  test.for(["a.test", "A.Test:8080", "127.0.0.1", "[::1]:80", "a_b.test", "xn--a.test"])(
    "[T03] Host: %s is forwarded as it is written",
    async (host) => {
      await expectForwarded(rig, get("/", host), upstream("/", host));
    },
  );

  test("[T03] the root's dot is left out, before a port too", async () => {
    await expectForwarded(rig, get("/", "a.test."), upstream("/", "a.test"));
    await expectForwarded(rig, get("/", "a.test.:80"), upstream("/", "a.test:80"));
    await expectForwarded(rig, get("/", "[::ffff:1.2.3.4]"), upstream("/", "[::ffff:1.2.3.4]"));
  });

  test.for(["web.shop", "WEB.Shop", "web.shop.", "web.shop:8080", "WEB.shop.:8080"])(
    "[T03] Host: %s is web.shop wherever it is used",
    async (host) => {
      const client = await openRawClient({ port: rig.port });
      await client.send(get("/moved", host));
      const response = await client.readResponse();
      expect([response.status, headerValue(response, "location")]).toEqual([302, "http://web.shop/moved"]);
      client.close();
    },
  );
});

describe("forms of the target", () => {
  test.for([
    "GET *",
    "POST *",
    "OPTIONS *x",
    "GET a",
    "GET http:/x",
    "GET http://",
    "GET http:///x",
    "GET ftp://a.test/x",
  ])("[T04] %s is refused", async (start) => {
    await expectRefused(rig, `${start} HTTP/1.1\r\nHost: a.test\r\n\r\n${hidden}`);
  });

  test.for([
    "GET a.test:80",
    "GET ://x",
    "GET http://u@a.test/x",
    "GET http://a.test:99999/x",
    "GET http://a.test\\x",
  ])("[T04] %s is refused, too", async (start) => {
    await expectRefused(rig, `${start} HTTP/1.1\r\nHost: a.test\r\n\r\n${hidden}`);
  });

  test.for(["CONNECT a.test:80", "CONNECT /x", "CONNECT 127.0.0.1:15000", "CONNECT [::1]:15000"])(
    "[T04] %s is not allowed: 405",
    async (start) => {
      await expectRefused(rig, `${start} HTTP/1.1\r\nHost: a.test\r\n\r\n${hidden}`, 405);
    },
  );

  test("[T04] CONNECT without a port is refused", async () => {
    await expectRefused(rig, `CONNECT a.test HTTP/1.1\r\nHost: a.test\r\n\r\n${hidden}`);
  });

  test("[T04] OPTIONS * asks about us: 200, and nothing goes upstream", async () => {
    const verdict = await rig.judge("OPTIONS * HTTP/1.1\r\nHost: a.test\r\n\r\n");
    expect(verdict).toEqual({ statuses: [200], connection: "open", upstream: "", requests: 0 });
  });

  test.for(["http://a.test/x", "HTTP://A.test/x"])(
    "[T04] an absolute target goes upstream as a path: %s",
    async (target) => {
      await expectForwarded(rig, get(target), upstream("/x"));
    },
  );

  test.for(["http://b.test/x", "https://a.test/x", "http://a.test:80/x", "http://a.test.evil/x"])(
    "[T04] an absolute target that says something else than Host is refused: %s",
    async (target) => {
      await expectRefused(rig, get(target) + hidden);
    },
  );
});

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
