/** Doubtful framing in the head: two lengths, two framings, values and names that different parsers read differently. */
import { chooseInt, chooseOne } from "./choose.ts";
import { hiddenRequest } from "./framed-body.ts";
import type { Mutation, MutationVerdict } from "./mutation.ts";
import { type WireMessage, withHeaders, withoutHeader, wireLine } from "./wire-message.ts";

export const wrongLengths: readonly string[] = [
  "+5",
  "-1",
  "-0",
  "0x5",
  "0o5",
  "1_0",
  "1 0",
  "5Z",
  "",
  "99999999999999999999",
  "010",
  "005",
  "00",
  "5,",
  ",5",
  "5;",
  "5.0",
  "5e0",
  "\x0b5",
  "5\x0c",
  "\xa05",
  "\u00b2",
];
export const wrongCodings: readonly string[] = [
  ",chunked",
  "chunked,",
  "chunked, chunked",
  "xchunked",
  "identity",
  "gzip",
  "chunked, gzip",
  "gzip, chunked",
  "chunked;a=b",
  "",
  "\x0bchunked",
  "\x0cchunked",
  "chunked\0",
  "\xa0chunked",
  "\xffchunked",
  "chunked identity",
  '"chunked"',
  "chunke",
];

const chunkedBody = `0\r\n\r\n${hiddenRequest}`;
/** Five bytes that start no request, so that a proxy which drops the line and reads on finds none either. */
const countedBody = `(((((${hiddenRequest}`;

/** The request with these lines as its only framing, and a body after which one reading finds another request. */
function framedBy(message: WireMessage, lines: readonly string[], at: number): WireMessage {
  const body = lines.some((line) => /coding/i.test(line)) ? chunkedBody : countedBody;
  return { ...withHeaders(withoutHeader(message, "content-length", "transfer-encoding"), lines, at), body };
}

function byLines(
  id: string,
  name: string,
  choices: readonly (readonly string[])[],
  verdict: MutationVerdict = "refuse-head",
): Mutation {
  const apply: Mutation["apply"] = (message, rng) =>
    framedBy(message, chooseOne(rng, choices), chooseInt(rng, 1, message.headers.length));
  return { id, name, verdict, apply };
}

export const framingMutations: readonly Mutation[] = [
  byLines("F01", "length and coding together", [
    ["Content-Length: 5", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: chunked", "Content-Length: 5"],
    ["Transfer-Encoding: chunked", "Content-Length: 0"],
    ["content-length: 5", "X: y", "transfer-encoding: Chunked"],
  ]),
  byLines("F02", "more than one length", [
    ["Content-Length: 5", "Content-Length: 6"],
    ["Content-Length: 5", "Content-Length: 5"],
    ["Content-Length: 5, 6"],
    ["Content-Length: 5,5"],
    ["Content-Length: 0", "X: y", "content-length: 5"],
  ]),
  byLines(
    "F03",
    "a length that is no plain number",
    wrongLengths.map((value) => [`Content-Length: ${value}`]),
  ),
  byLines("F04", "a length under a broken name", [
    ["Content-Length : 5"],
    ["Content-Length\t: 5"],
    ["Content-Length\x85: 5"],
    ["Content-Length 5"],
    ["Content-Length\0: 5"],
    ["\xa0Content-Length: 5"],
  ]),
  byLines(
    "F04",
    "a length under another name",
    [["Content_Length: 5"], ["ContentLength: 5"], ["Content-Lengths: 5"]],
    "doubt",
  ),
  byLines("F05", "a coding that is not one chunked", [
    ...wrongCodings.map((value) => [`Transfer-Encoding: ${value}`]),
    ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: identity", "Transfer-Encoding: chunked"],
  ]),
  byLines(
    "F05",
    "a coding under another name",
    [["Transfer_Encoding: chunked"], ["X-Transfer-Encoding: chunked"]],
    "doubt",
  ),
  byLines("F06", "a coding under a broken name", [
    ["Transfer-Encoding : chunked"],
    ["Transfer-Encoding\x0b: chunked"],
    ["Transfer-", "Encoding: chunked"],
    ["Transfer-Encoding:", " chunked"],
    ["Transfer-Encoding: chunked", "\tx"],
  ]),
  {
    id: "F07",
    name: "a coding on HTTP/1.0",
    verdict: "refuse-head",
    apply(message) {
      const requestLine = wireLine(message.requestLine.text.replace(/HTTP\/1\.1$/, "HTTP/1.0"));
      return { ...framedBy(message, ["Transfer-Encoding: chunked"], 1), requestLine };
    },
  },
  {
    id: "F14",
    name: "bytes after the end of the request",
    verdict: "doubt",
    apply: (message, rng) => ({
      ...message,
      body: message.body + chooseOne(rng, ["X", "\r\n", "\n", "\0", " "]),
    }),
  },
  {
    id: "U01",
    name: "Connection names a header that frames or routes",
    verdict: "doubt",
    apply(message, rng) {
      const named = chooseOne(rng, [
        "content-length",
        "transfer-encoding",
        "host",
        "connection",
        "close, te",
        "x-forwarded-for",
      ]);
      return withHeaders(message, [`Connection: ${named}`], chooseInt(rng, 0, message.headers.length));
    },
  },
];
