/** Lines, names, values, request lines: reference 3.2, L01 to L12 without the limits (limits.test.ts). */
import { MatchType } from "@waystone/api/resources";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectForwarded, expectRefused } from "./testdata/expect-verdict.ts";
import { forwarded, openWireRig, refused, type WireRig } from "./testdata/wire-rig.ts";

let rig: WireRig;
beforeAll(async () => {
  rig = await openWireRig({
    rules: [
      {
        matches: [
          {
            path: { type: MatchType.PREFIX, value: "/users" },
            headers: [{ name: "x-role", type: MatchType.EXACT, value: "user" }],
          },
        ],
        backends: [{ service: "shop/web", port: 80, weight: 1 }],
      },
      {
        matches: [{ path: { type: MatchType.PREFIX, value: "/get" }, method: "GET" }],
        backends: [{ service: "shop/web", port: 80, weight: 1 }],
      },
      {
        matches: [
          { path: { type: MatchType.PREFIX, value: "/x" } },
          { path: { type: MatchType.PREFIX, value: "/probe" } },
        ],
        backends: [{ service: "shop/web", port: 80, weight: 1 }],
      },
    ],
  });
});
afterAll(async () => await rig.close());

const hidden = "GET /x/hidden HTTP/1.1\r\nHost: a.test\r\n\r\n";
/** A request in which these lines stand in the middle, and one that would follow it. */
const withLines = (lines: string): string =>
  `GET /x HTTP/1.1\r\nHost: a.test\r\n${lines}\r\nY: z\r\n\r\n${hidden}`;

describe("line ends", () => {
  const lines = ["GET /x HTTP/1.1", "Host: a.test", "A: b", "", hidden];
  const places = ["the request line", "the first header line", "the last header line", "the header block"];
  const wrong = ["\n", "\r", "\n\r", "\r\r\n", "\rX", "\n\n", "\v", "\f"];
  const cases = places.flatMap((place, at) => wrong.map((end) => [place, end, at] as const));
  test.for(cases)("[L01] %s that ends in %j is refused", async ([, end, at]) => {
    const bytes = lines
      .map((line, index) => line + (index === 4 ? "" : index === at ? end : "\r\n"))
      .join("");
    await expectRefused(rig, bytes);
  });

  test.for(["A: b\rc", "A: b\nC: d", "A: \r", "A: b\r\r", "A\r: b", "A\n: b", "\rA: b", "A: b\n", "\r"])(
    "[L01] a bare CR or LF in a header line is refused: %j",
    async (lines) => {
      await expectRefused(rig, withLines(lines));
    },
  );

  test("[L01] a bare LF is refused wherever the bytes are cut in two", async () => {
    const { verdicts, upstream } = await rig.judgeEverySplit(
      `GET /x HTTP/1.1\r\nHost: a.test\nA: b\r\n\r\n${hidden}`,
    );
    expect([[...verdicts], upstream]).toEqual([["400 ended"], ""]);
  });

  test("[L01] a request of CRLFs alone passes wherever the bytes are cut in two", async () => {
    const { splits, verdicts, upstream } = await rig.judgeEverySplit(
      "GET /x HTTP/1.1\r\nHost:a.test\r\nA:\t b \r\n\r\n",
    );
    expect([...verdicts]).toEqual(["200 open"]);
    const one = `GET /x HTTP/1.1\r\nHost: a.test\r\nA:\t b \r\n${forwarded}\r\n`;
    expect(upstream === one.repeat(splits)).toBe(true);
  });
});

describe("characters", () => {
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter(
    (char) => !"\t\r\n".includes(char),
  );
  test.for([...controls, "\x7f"])(
    "[L02] control character %j is refused in a value, a name and a target",
    async (char) => {
      for (const bytes of [withLines(`A: b${char}c`), withLines(`A${char}: b`), withLines(`A:${char}`)])
        expect(await rig.judge(bytes)).toEqual(refused(400));
      expect(await rig.judge(`GET /x${char} HTTP/1.1\r\nHost: a.test\r\n\r\n`)).toEqual(refused(400));
      expect(await rig.judge(withLines(`A: b${char}c`), "byte-by-byte")).toEqual(refused(400));
    },
  );

  test.for([
    ": x",
    ":",
    " : x",
    "A",
    "A B: c",
    "A : b",
    "A\t: b",
    "\xe9: b",
    "A\x85: b",
    "A\xa0: b",
    "A;",
    "A=b",
  ])("[L03] a line without a name that is a token is refused: %j", async (line) => {
    await expectRefused(rig, withLines(line));
  });

  test.for(Array.from('(),/;<=>?@[]{}"\\'))("[L03] %s in a name is refused", async (char) => {
    expect(await rig.judge(withLines(`A${char}B: c`))).toEqual(refused(400));
    expect(await rig.judge(withLines(`${char}: c`))).toEqual(refused(400));
  });

  test("[L03] every character of a token may stand in a name", async () => {
    const line = "!#$%&'*+-.^_`|~09azAZ: x\r\n";
    await expectForwarded(
      rig,
      `GET /x HTTP/1.1\r\nHost: a.test\r\n${line}\r\n`,
      `GET /x HTTP/1.1\r\nHost: a.test\r\n${line}${forwarded}\r\n`,
    );
  });

  test.for(["A: b\r\n c", "A: b\r\n\tc", "A:\r\n b", "A: b\r\n ", "A: b\r\n \r\n c"])(
    "[L04] a folded line is refused: %j",
    async (lines) => {
      await expectRefused(rig, withLines(lines));
    },
  );

  test.for([" A: b", "\tA: b", " ", "\t"])(
    "[L04] white space before the first header is refused: %j",
    async (line) => {
      await expectRefused(rig, `GET /x HTTP/1.1\r\n${line}\r\nHost: a.test\r\n\r\n${hidden}`);
    },
  );

  test("[L05] bytes 0x80 to 0xff in a value are forwarded as they are, at its ends too", async () => {
    const all = Array.from({ length: 128 }, (_, code) => String.fromCharCode(128 + code)).join("");
    const lines = `A: ${all}\r\nB: \x85x\x85\r\nC:\xa0\r\n`;
    await expectForwarded(
      rig,
      `GET /x HTTP/1.1\r\nHost: a.test\r\n${lines}\r\n`,
      `GET /x HTTP/1.1\r\nHost: a.test\r\n${lines}${forwarded}\r\n`,
    );
  });

  test.for(["\xa0", "\x85"])("[L05] a value is compared with the %j that it ends in", async (char) => {
    const { statuses } = await rig.judge(
      `GET /users HTTP/1.1\r\nHost: a.test\r\nX-Role: user${char}\r\n\r\n`,
    );
    expect(statuses).toEqual([404]);
    await expectRefused(rig, `GET /x HTTP/1.1\r\nHost: a.test\r\nConnection: close${char}\r\n\r\n`);
  });
});

describe("request lines", () => {
  test.for([
    "GET  /x HTTP/1.1",
    "GET /x  HTTP/1.1",
    "GET\t/x\tHTTP/1.1",
    " GET /x HTTP/1.1",
    "GET /x HTTP/1.1 ",
    "GET/x HTTP/1.1",
    "GET\xa0/x HTTP/1.1",
    "GET /x y HTTP/1.1",
    "GET /x",
    "GET",
    "GET ",
    "GET  HTTP/1.1",
    " ",
    "GET /x HTTP/1",
    "GET /x HTTP/01.01",
    "GET /x HTTP/ 1.1",
    "GET /x http/1.1",
    "GET /x HTTP/1.32",
    "GET /x HTTP/1.2",
    "GET /x HTTP/4294967295.255",
    "GET /x HTTP/0.9",
    "GET /x HTTP/1,1",
    "GET /x HTTP/1.1x",
    "GET /x HTTP",
    "GET /x ICY",
  ])("[L07] the request line %j is refused", async (line) => {
    await expectRefused(rig, `${line}\r\nHost: a.test\r\n\r\n${hidden}`);
  });

  test.for(["HTTP/2.0", "HTTP/3.0", "HTTP/9.9"])(
    "[L07] %s is a version that is not ours: 505",
    async (version) => {
      await expectRefused(rig, `GET /x ${version}\r\nHost: a.test\r\n\r\n${hidden}`, 505);
    },
  );

  test("[L07] what begins as HTTP/2's preface and is none is answered in HTTP/1.1: 505", async () => {
    await expectRefused(rig, "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX", 505);
  });

  test("[L07] an empty line before the first request is refused", async () => {
    await expectRefused(rig, `\r\n${hidden}`);
    await expectRefused(rig, `\n${hidden}`);
  });

  test.for(['G=":<>"', "G\0T", "GE/T", "G\xcbT", "GET:", "(GET)", "", "GET\x0b", "G".repeat(65)])(
    "[L08] the method %j is refused",
    async (method) => {
      await expectRefused(rig, `${method} /x HTTP/1.1\r\nHost: a.test\r\n\r\n${hidden}`);
    },
  );

  test.for(["get", "SLUDGE", "M-SEARCH", "G".repeat(64)])(
    "[L08] the method %s is passed on as it is",
    async (method) => {
      await expectForwarded(
        rig,
        `${method} /x HTTP/1.1\r\nHost: a.test\r\n\r\n`,
        `${method} /x HTTP/1.1\r\nHost: a.test\r\n${forwarded}\r\n`,
      );
    },
  );

  test("[L08] a route for GET is none for get", async () => {
    expect((await rig.judge("GET /get HTTP/1.1\r\nHost: a.test\r\n\r\n")).statuses).toEqual([200]);
    expect((await rig.judge("get /get HTTP/1.1\r\nHost: a.test\r\n\r\n")).statuses).toEqual([404]);
  });
});

describe("names and repeated lines", () => {
  test.for([
    [["user"], 200],
    [["user", "user"], 200],
    [["user", "admin"], 404],
    [["admin", "user"], 404],
    [["user, admin"], 404],
    [[""], 404],
    [[], 404],
  ] as const)("[L10] x-role lines %j against a match of user: %i", async ([values, status]) => {
    const lines = values.map((value) => `X-Role: ${value}\r\n`).join("");
    const { statuses } = await rig.judge(`GET /users HTTP/1.1\r\nHost: a.test\r\n${lines}\r\n`);
    expect(statuses).toEqual([status]);
  });

  test.for(["X_Forwarded_For", "Transfer_Encoding", "x_real-ip", "X-Request_Id", "Content_Type"])(
    "[L12] %s is refused: CGI reads it as its twin with hyphens",
    async (name) => {
      await expectRefused(rig, withLines(`${name}: x`));
      // Behind other names with and without underscores too.
      await expectRefused(rig, withLines(`A: _\r\nplain_name: x\r\nB: y\r\n${name}: x`));
    },
  );

  test("[L12] other names with _ are forwarded, and match no rule for their twin", async () => {
    const line = "my_header: x\r\n";
    await expectForwarded(
      rig,
      `GET /x HTTP/1.1\r\nHost: a.test\r\n${line}\r\n`,
      `GET /x HTTP/1.1\r\nHost: a.test\r\n${line}${forwarded}\r\n`,
    );
    expect((await rig.judge("GET /users HTTP/1.1\r\nHost: a.test\r\nX_Role: user\r\n\r\n")).statuses).toEqual(
      [404],
    );
  });
});
