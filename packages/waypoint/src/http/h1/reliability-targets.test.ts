/** Host and the forms of a target on the wire: reference 3.3, T01 to T04. The functions behind them have tables in engine/path. */
import { MatchType } from "@waystone/api/resources";
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { headerValue } from "@waystone/testkit/read-message";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectForwarded, expectRefused } from "./testdata/expect-verdict.ts";
import { forwarded, openWireRig, type WireRig } from "./testdata/wire-rig.ts";

let rig: WireRig;
beforeAll(async () => {
  rig = await openWireRig({
    rules: [
      {
        matches: [{ path: { type: MatchType.PREFIX, value: "/moved" } }],
        filters: [{ requestRedirect: { statusCode: 302 } }],
      },
      { backends: [{ service: "shop/web", port: 80, weight: 1 }] },
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
