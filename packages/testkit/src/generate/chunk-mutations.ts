/** Chunked bodies that are wrong in one place. The head is right, so the fault shows only when the body is read. */
import { chooseOne } from "./choose.ts";
import { hiddenRequest } from "./framed-body.ts";
import type { Mutation } from "./mutation.ts";
import { withHeaders, withoutHeader, wireLine } from "./wire-message.ts";

export const wrongChunkSizes: readonly string[] = [
  "0x5",
  "+5",
  "-1",
  " 5",
  "5 ",
  "0_2e",
  "",
  "5Z",
  "FFFFFFFFFFFFFFFF0",
  "00000000000000005",
  "5\t",
  "\x0b5",
  "5,5",
  "5\0",
  "\xa05",
];

/** `bodies`: one is chosen. The head of the request is made to announce a chunked body. */
function chunked(id: string, name: string, bodies: readonly string[]): Mutation {
  return {
    id,
    name,
    verdict: "refuse-body",
    apply(message, rng) {
      const requestLine = wireLine(message.requestLine.text.replace(/HTTP\/1\.0$/, "HTTP/1.1"));
      const head = withHeaders(
        withoutHeader(message, "content-length", "transfer-encoding"),
        ["Transfer-Encoding: chunked"],
        1,
      );
      return { ...head, requestLine, body: chooseOne(rng, bodies) };
    },
  };
}

const rest = `0\r\n\r\n${hiddenRequest}`;

export const chunkMutations: readonly Mutation[] = [
  chunked(
    "F08",
    "a chunk size that is no plain hex number",
    wrongChunkSizes.map((size) => `${size}\r\nhello\r\n${rest}`),
  ),
  chunked("F10", "chunk data that does not fit its size", [
    `5\r\nhello!\r\n${rest}`,
    `6\r\nhello\r\n${rest}`,
    `5\r\nhelloSPILL\r\n${rest}`,
    `5\r\nhello${rest}`,
    `5\r\nhello\n${rest}`,
    `5\r\nhello\r${rest}`,
    `5\nhello\r\n${rest}`,
    `5\rhello\r\n${rest}`,
    `5\r\nhello\r\n0\r\n\n${hiddenRequest}`,
    `5\r\nhello\r\n0\n\r\n${hiddenRequest}`,
    `5\r\nhello\r\n0\n\n${hiddenRequest}`,
    `5\r\nhello\r\n0\r\n\rX\r\n${hiddenRequest}`,
    `5\r\nhello\r\n\r\n${rest}`,
  ]),
  chunked("F10", "a trailer section that is none", [
    `0\r\nno colon\r\n\r\n${hiddenRequest}`,
    `0\r\n: empty name\r\n\r\n${hiddenRequest}`,
    `0\r\nA : b\r\n\r\n${hiddenRequest}`,
    `0\r\nA: b\n\r\n${hiddenRequest}`,
    `0\r\nA: b\r\n c\r\n\r\n${hiddenRequest}`,
    `0\r\nA: \0\r\n\r\n${hiddenRequest}`,
  ]),
  chunked("F11", "a chunk extension with a line end inside", [
    `5;a="\r"\r\nhello\r\n${rest}`,
    `5;a=b\nhello\r\n${rest}`,
    `5;\r;a\r\nhello\r\n${rest}`,
    `5;a=\0\r\nhello\r\n${rest}`,
  ]),
  chunked("F15", "a body that stops early", [
    "",
    "5",
    "5\r\nhel",
    "5\r\nhello\r\n",
    "5\r\nhello\r\n0\r\n",
    "5\r\nhello\r\n0",
  ]),
];
