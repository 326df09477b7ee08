/** A body and the framing around it: by length, or chunked with sizes, extensions and trailers as RFC 9112 section 7 allows. */
import type { Rng } from "@waystone/base/rng";
import { chooseCase, chooseInt, chooseOne, chooseText, happens } from "./choose.ts";

export interface FramedBody {
  /** The header lines that announce it. */
  readonly lines: readonly string[];
  readonly body: string;
  /** What is left when the framing is taken off. */
  readonly meaning: string;
}

/** What an attacker would like to be read as a request of its own. */
export const hiddenRequest = "GET /hidden HTTP/1.1\r\nHost: shop.test\r\nX-Case: hidden\r\n\r\n";

export function generateBody(rng: Rng, mayChunk: boolean): FramedBody {
  const meaning = chooseOne(rng, [
    () => chooseText(rng, "abc\r\n\0 \xff:0", 0, 60),
    () => hiddenRequest,
    () => `0\r\n\r\n${hiddenRequest}`,
    () => "x".repeat(chooseInt(rng, 0, 5_000)),
  ])();
  if (!mayChunk || happens(rng, 0.5))
    return { lines: [lengthLine(rng, meaning.length)], body: meaning, meaning };
  return {
    lines: [`${chooseCase(rng, "transfer-encoding")}: ${chooseCase(rng, "chunked")}`],
    body: chunk(rng, meaning),
    meaning,
  };
}

function lengthLine(rng: Rng, length: number): string {
  return `${chooseCase(rng, "content-length")}:${chooseOne(rng, [" ", " ", "", "\t"])}${length}`;
}

function chunk(rng: Rng, meaning: string): string {
  let body = "";
  for (let at = 0; at < meaning.length; ) {
    const size = chooseInt(rng, 1, Math.max(1, meaning.length - at));
    body += `${chunkSize(rng, size)}${chunkExtension(rng)}\r\n${meaning.slice(at, at + size)}\r\n`;
    at += size;
  }
  const trailer = happens(rng, 0.1) ? "X-Trailer: 1\r\n" : "";
  return `${body}0${chunkExtension(rng)}\r\n${trailer}\r\n`;
}

function chunkSize(rng: Rng, size: number): string {
  const hex = happens(rng, 0.5) ? size.toString(16) : size.toString(16).toUpperCase();
  return happens(rng, 0.1) ? `00${hex}` : hex;
}

function chunkExtension(rng: Rng): string {
  return happens(rng, 0.1) ? chooseOne(rng, [";a", ";a=b", ';a="b c"', ";a=b;c=d"]) : "";
}
