/** Framing of requests: reference 3.1, F01 to F08, F12 to F14. Refused means 400, closed, and nothing upstream. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectForwarded, expectRefused } from "./testdata/expect-verdict.ts";
import { forwarded, forwardedAs, openWireRig, type WireRig } from "./testdata/wire-rig.ts";

let rig: WireRig;
beforeAll(async () => {
  rig = await openWireRig();
});
afterAll(async () => await rig.close());

/** What an attacker would like to be read as a request of its own. */
const hidden = "GET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n";
const post = (lines: string, body: string): string =>
  `POST / HTTP/1.1\r\nHost: a.test\r\n${lines}\r\n\r\n${body}`;
/** Under every reading of a doubtful framing, something is left over that is a request. */
const doubtful = (lines: string): string => post(lines, `0\r\n\r\n${hidden}`);

describe("two framings", () => {
  test.for([
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "Transfer-Encoding: chunked\r\nContent-Length: 0",
    "content-length: 5\r\nX: y\r\ntransfer-encoding: CHUNKED",
    "Transfer-Encoding: gzip\r\nContent-Length: 5",
  ])("[F01] a length and a coding together are refused: %j", async (lines) => {
    await expectRefused(rig, doubtful(lines));
  });

  test.for([
    "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: 5\r\nContent-Length: 5",
    "Content-Length: 0\r\nContent-Length: 5",
    "Content-Length: 5, 6",
    "Content-Length: 5,5",
    "Content-Length: 5\r\nX: y\r\ncontent-length: 5",
  ])("[F02] more than one length is refused, equal or not: %j", async (lines) => {
    await expectRefused(rig, doubtful(lines));
  });

  test("[F01] it is refused wherever the bytes are cut in two", async () => {
    const bytes = doubtful("Content-Length: 5\r\nTransfer-Encoding: chunked");
    const { verdicts, upstream } = await rig.judgeEverySplit(bytes);
    expect([[...verdicts], upstream]).toEqual([["400 ended"], ""]);
  });
});

describe("a length that another parser could read differently", () => {
  const values = [
    "+5",
    "-1",
    "-0",
    "0x5",
    "0o5",
    "1_0",
    "1 0",
    "5Z",
    "",
    "\t",
    "99999999999999999999",
    "010",
    "005",
  ];
  test.for([
    ...values,
    "00",
    "5,",
    ",5",
    "5;",
    "5.0",
    "5e0",
    "\x0b5",
    "5\x0c",
    "\xa05",
    "5\xa0",
    "\x855",
    "\xb2",
    "5\0",
  ])("[F03] Content-Length: %j is refused", async (value) => {
    await expectRefused(rig, doubtful(`Content-Length: ${value}`));
  });

  test("[F03] a length of more than 15 digits is refused", async () => {
    await expectRefused(rig, doubtful("Content-Length: 1000000000000000"));
  });

  test.for([
    "Content-Length : 5",
    "Content-Length\t: 5",
    "Content-Length\x85: 5",
    "\xa0Content-Length: 5",
    "Content-Length 5",
    "Content-Length",
    "Content_Length: 5",
    "content_length: 5",
    "Content-Length\0: 5",
    "Content-\r\nLength: 5",
  ])("[F04] a misspelt Content-Length is refused, not ignored: %j", async (line) => {
    await expectRefused(rig, doubtful(line));
  });

  test("[F04] white space before the first header is refused", async () => {
    await expectRefused(rig, `POST / HTTP/1.1\r\n\tContent-Length: 1\r\nHost: a.test\r\n\r\n${hidden}`);
    await expectRefused(rig, `POST / HTTP/1.1\r\n Content-Length: 1\r\nHost: a.test\r\n\r\n${hidden}`);
  });
});

describe("a coding that another parser could read differently", () => {
  const values = [
    ",chunked",
    "chunked,",
    "chunked, chunked",
    "xchunked",
    "identity",
    "chunked, gzip",
    "gzip, chunked",
  ];
  const odd = [
    "chunked;a=b",
    "",
    "\t",
    "\x0bchunked",
    "\x0cchunked",
    "chunked\0",
    "\xa0chunked",
    "\xffchunked",
  ];
  test.for([...values, ...odd, "chunked identity", '"chunked"', "chunked\x85", "chunked\xa0"])(
    "[F05] Transfer-Encoding: %j is refused",
    async (value) => {
      await expectRefused(rig, doubtful(`Transfer-Encoding: ${value}`));
    },
  );

  test("[F05] two codings in two lines are refused", async () => {
    await expectRefused(rig, doubtful("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"));
    await expectRefused(rig, doubtful("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"));
  });

  test.for(["gzip", "chunke", "deflate"])("[F05] %s alone is well formed and unknown: 501", async (value) => {
    await expectRefused(rig, doubtful(`Transfer-Encoding: ${value}`), 501);
  });

  test.for([
    "Transfer-Encoding : chunked",
    "Transfer-Encoding\t: chunked",
    "Transfer-Encoding\x0b: chunked",
    "Transfer-\r\nEncoding: chunked",
    "Transfer-Encoding:\r\n chunked",
    "Transfer-Encoding: chunked\r\n\tx",
    "Transfer_Encoding: chunked",
    "\x00Transfer-Encoding: chunked",
  ])("[F06] a padded or folded Transfer-Encoding is refused: %j", async (lines) => {
    await expectRefused(rig, doubtful(lines));
  });

  test("[F07] Transfer-Encoding on HTTP/1.0 is refused", async () => {
    await expectRefused(
      rig,
      `POST / HTTP/1.0\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    );
  });

  test("[F07] HTTP/1.0 without a length has no body, and its connection ends with the answer", async () => {
    const verdict = await rig.judge(
      `POST / HTTP/1.0\r\nHost: a.test\r\nConnection: keep-alive\r\n\r\n${hidden}`,
    );
    const upstream = `POST / HTTP/1.1\r\nHost: a.test\r\n${forwarded}Content-Length: 0\r\n\r\n`;
    expect(verdict).toEqual({ statuses: [200], connection: "ended", upstream, requests: 1 });
  });
});

describe("what passes is framed anew", () => {
  const head = `POST / HTTP/1.1\r\nHost: a.test\r\n${forwarded}`;

  test("[F12] a chunked body goes upstream in chunks of ours, without extensions", async () => {
    const body = '1;a="b;c"\r\nx\r\n0001\r\ny\r\n00;z\r\n\r\n';
    await expectForwarded(
      rig,
      post("transfer-encoding:\tChunked ", body),
      `${head}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n1\r\ny\r\n0\r\n\r\n`,
    );
  });

  test("[F12] a counted body goes upstream with one length of ours, whatever is in it", async () => {
    await expectForwarded(
      rig,
      post(`CONTENT-LENGTH:${hidden.length}\t`, hidden),
      `${head}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
    );
  });

  test("[F12] a chunked request passes the same wherever its bytes are cut in two", async () => {
    const bytes = post("Transfer-Encoding: chunked\r\nX: y", "1;a=b\r\nx\r\n1\r\ny\r\n0\r\nZ: z\r\n\r\n");
    const one = `POST / HTTP/1.1\r\nHost: a.test\r\nX: y\r\n${forwarded}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n1\r\ny\r\n0\r\nZ: z\r\n\r\n`;
    const { splits, verdicts, upstream, requests } = await rig.judgeEverySplit(bytes);
    expect([[...verdicts], requests]).toEqual([["200 open"], splits]);
    // Pieces that waited for a connection go as one.
    const split = upstream.replaceAll("\r\n\r\n2\r\nxy\r\n", "\r\n\r\n1\r\nx\r\n1\r\ny\r\n");
    expect(split === one.repeat(splits)).toBe(true);
  });

  test("[F12] a counted request passes the same wherever its bytes are cut in two", async () => {
    const one = `POST / HTTP/1.1\r\nHost: a.test\r\n${forwarded}Content-Length: 7\r\n\r\n0\r\n\r\nGE`;
    const { splits, verdicts, upstream, requests } = await rig.judgeEverySplit(
      post("Content-Length: 7", "0\r\n\r\nGE"),
    );
    expect([[...verdicts], requests]).toEqual([["200 open"], splits]);
    expect(upstream === one.repeat(splits)).toBe(true);
  });

  test.for(["GET", "DELETE", "OPTIONS", "HEAD"])("[F13] a body on %s stays a body", async (method) => {
    const start = `${method} / HTTP/1.1\r\nHost: a.test\r\n`;
    const size = hidden.length.toString(16);
    const chunked = `Transfer-Encoding: chunked\r\n\r\n${size}\r\n${hidden}\r\n0\r\n\r\n`;
    const counted = `Content-Length: ${hidden.length}\r\n\r\n${hidden}`;
    for (const framed of [chunked, counted]) {
      const expected = forwardedAs(start + forwarded + framed);
      expect(await rig.judge(start + framed, "whole", method)).toEqual(expected);
    }
  });

  test("[F14] a POST without framing has no body: what follows is a request of its own", async () => {
    const bytes = `POST / HTTP/1.1\r\nHost: a.test\r\n\r\nGET /next HTTP/1.1\r\nHost: a.test\r\n\r\n`;
    const upstream = `${head}Content-Length: 0\r\n\r\nGET /next HTTP/1.1\r\nHost: a.test\r\n${forwarded}\r\n`;
    for (const delivery of ["whole", "byte-by-byte"] as const) {
      const verdict = await rig.judge(bytes, delivery);
      expect(verdict).toEqual({ statuses: [200, 200], connection: "open", upstream, requests: 2 });
    }
  });

  test.for(["X", " ", "\n", "\0", "\r\r"])(
    "[F14] a stray %j after a body spoils the next request",
    async (stray) => {
      const bytes = post("Content-Length: 0", `${stray}${hidden}`);
      const upstream = `${head}Content-Length: 0\r\n\r\n`;
      for (const delivery of ["whole", "byte-by-byte"] as const) {
        const verdict = await rig.judge(bytes, delivery);
        // A stray letter makes a method of its own out of the next one: that is a request, and it is well formed.
        if (stray === "X")
          expect(verdict.upstream).toBe(
            `${upstream}XGET /hidden HTTP/1.1\r\nHost: a.test\r\n${forwarded}\r\n`,
          );
        else expect(verdict).toEqual({ statuses: [200, 400], connection: "ended", upstream, requests: 1 });
      }
    },
  );

  test("[F14] one empty line after a body is ignored, as old clients send it; two are not", async () => {
    await expectForwarded(rig, post("Content-Length: 1", "x\r\n"), `${head}Content-Length: 1\r\n\r\nx`);
    const verdict = await rig.judge(post("Content-Length: 1", "x\r\n\r\n"));
    expect([verdict.statuses, verdict.connection]).toEqual([[200, 400], "ended"]);
  });
});
