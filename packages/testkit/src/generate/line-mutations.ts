/** Lines, names, values and request lines that are not what RFC 9112 sections 2 to 5 and RFC 9110 section 5 allow. */
import type { Rng } from "@waystone/base/rng";
import { chooseInt, chooseOne } from "./choose.ts";
import type { Mutation, MutationVerdict } from "./mutation.ts";
import { type WireMessage, withHeaders, wireLine } from "./wire-message.ts";

type Apply = Mutation["apply"];

/** Adds the lines anywhere after the first header. */
function addsLines(
  id: string,
  name: string,
  choices: readonly (readonly string[])[],
  verdict: MutationVerdict = "refuse-head",
): Mutation {
  const apply: Apply = (message, rng) =>
    withHeaders(message, chooseOne(rng, choices), chooseInt(rng, 1, message.headers.length));
  return { id, name, verdict, apply };
}

function changesRequestLine(
  id: string,
  name: string,
  change: (parts: RequestLineParts, rng: Rng) => string,
): Mutation {
  const apply: Apply = (message, rng) => {
    const [method = "", target = "", version = ""] = message.requestLine.text.split(" ");
    return { ...message, requestLine: wireLine(change({ method, target, version }, rng)) };
  };
  return { id, name, verdict: "refuse-head", apply };
}

interface RequestLineParts {
  readonly method: string;
  readonly target: string;
  readonly version: string;
}

function changeLineEnd(message: WireMessage, rng: Rng): WireMessage {
  const end = chooseOne(rng, ["\n", "\r", "\r\r\n", "\n\r"]);
  const which = chooseInt(rng, 0, message.headers.length);
  if (which === message.headers.length) return { ...message, requestLine: { ...message.requestLine, end } };
  return { ...message, headers: message.headers.map((line, at) => (at === which ? { ...line, end } : line)) };
}

const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter(
  (c) => !"\t\r\n".includes(c),
);
const wrongVersions = [
  "HTTP/1",
  "HTTP/01.01",
  "HTTP/ 1.1",
  "http/1.1",
  "HTTP/1.32",
  "HTTP/9.9",
  "HTTP/4294967295.255",
  "HTTP/1.1 ",
  "HTTP/2.0",
  "HTTP/0.9",
  "HTTP/1,1",
  "HTTP/1.1x",
  "ICY",
  "",
];

export const lineMutations: readonly Mutation[] = [
  {
    id: "L01",
    name: "a line that ends in something else than CRLF",
    verdict: "refuse-head",
    apply: changeLineEnd,
  },
  {
    id: "L01",
    name: "a head that ends in something else than CRLF",
    verdict: "refuse-head",
    apply: (message, rng) => ({ ...message, headEnd: chooseOne(rng, ["\n", "\rX", "\r\r\n"]) }),
  },
  addsLines("L01", "a bare CR or LF in a value", [
    ["X-M: a\rb"],
    ["X-M: a\nb: c"],
    ["X-M: \r"],
    ["X-M: a\r\r"],
  ]),
  addsLines(
    "L02",
    "a control character in a value",
    [...controls, "\x7f"].map((c) => [`X-M: a${c}b`]),
  ),
  addsLines("L03", "a name that is no token", [
    [": x"],
    [":"],
    ["X-M"],
    ["X M: y"],
    ["X-M : y"],
    ["X-M\t: y"],
    ["X\xe9: y"],
    ...Array.from('(),/;<=>?@[]{}"\\').map((c) => [`X${c}M: y`]),
  ]),
  addsLines("L04", "a folded line", [
    ["X-M: a", " b"],
    ["X-M: a", "\tb"],
    ["X-M:", " "],
  ]),
  {
    id: "L04",
    name: "white space before the first header",
    verdict: "refuse-head",
    apply: (message, rng) => withHeaders(message, [chooseOne(rng, [" X-M: y", "\tX-M: y", " "])], 0),
  },
  changesRequestLine("L07", "other white space in the request line", ({ method, target, version }, rng) =>
    chooseOne(rng, [
      `${method}  ${target} ${version}`,
      `${method} ${target}  ${version}`,
      `${method}\t${target}\t${version}`,
      ` ${method} ${target} ${version}`,
      `${method} ${target} ${version} `,
      `${method}${target} ${version}`,
      `${method} ${target}`,
      `${method}\xa0${target} ${version}`,
      `${method} ${target} x ${version}`,
    ]),
  ),
  changesRequestLine(
    "L07",
    "another version",
    ({ method, target }, rng) => `${method} ${target} ${chooseOne(rng, wrongVersions)}`,
  ),
  changesRequestLine("L08", "a method that is no token", ({ target, version }, rng) => {
    const wrong = ['G=":<>"', "G\0T", "GE/T", "G\xcbT", "", "GET:", "(GET)", "GET\x0b"];
    return `${chooseOne(rng, wrong)} ${target} ${version}`;
  }),
  changesRequestLine(
    "L08",
    "a method that is too long",
    ({ target, version }) => `${"G".repeat(100_000)} ${target} ${version}`,
  ),
  addsLines("L09", "too many or too large headers", [
    Array.from({ length: 10_000 }, (_, at) => `X-M: ${at}`),
    Array.from({ length: 120 }, (_, at) => `X-M: ${at}`),
    [`X-M: ${"v".repeat(100_000)}`],
    [`${"n".repeat(100_000)}: v`],
  ]),
  addsLines(
    "L12",
    "a name with _ whose twin with - means something",
    [
      ["X_Forwarded_For: 1.2.3.4"],
      ["Transfer_Encoding: chunked"],
      ["Content_Length: 1"],
      ["Host_: x"],
      ["_Host: x"],
    ],
    "doubt",
  ),
  addsLines("R04", "an expectation that nobody knows", [
    ["Expect: x"],
    ["Expect: 100-continue, x"],
    ["Expect: 200-ok"],
  ]),
  addsLines(
    "U04",
    "an upgrade that nobody here speaks",
    [
      ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"],
      ["Upgrade: h2c"],
      ["Upgrade: x/1"],
      ["Connection: upgrade"],
    ],
    "doubt",
  ),
  {
    id: "L07",
    name: "an empty line before the request",
    verdict: "doubt",
    apply: (message, rng) => ({
      ...message,
      requestLine: wireLine(chooseOne(rng, ["\r\n", "\r\n\r\n", "\n"]) + message.requestLine.text),
    }),
  },
];
