/**
 * How long a message's body is (RFC 9112 6), from its Content-Length and Transfer-Encoding lines. One answer or none: two
 * lines of either, both together, lists, signs, leading zeros and codings other than the one word "chunked" are refused,
 * equal or not, because some other parser reads each of them differently.
 */
import type { HeaderBlock } from "../header-block.ts";
import { Known } from "../known-headers.ts";

export type Framing =
  | { readonly type: "none" }
  | { readonly type: "length"; readonly bytes: number }
  | { readonly type: "chunked" }
  | { readonly type: "bad"; readonly problem: string }
  /** A single coding that is well formed but not ours: 501 rather than 400. */
  | { readonly type: "unknown-coding"; readonly problem: string };

const none: Framing = { type: "none" };
const chunked: Framing = { type: "chunked" };

export function framingOf(headers: HeaderBlock): Framing {
  let lengthIndex = -1;
  let codingIndex = -1;
  for (let i = 0; i < headers.count; i++) {
    const id = headers.ids[i];
    if (id === Known["content-length"]) {
      if (lengthIndex >= 0) return { type: "bad", problem: "more than one Content-Length" };
      lengthIndex = i;
    } else if (id === Known["transfer-encoding"]) {
      if (codingIndex >= 0) return { type: "bad", problem: "more than one Transfer-Encoding" };
      codingIndex = i;
    }
  }
  if (codingIndex < 0) return lengthIndex < 0 ? none : lengthOf(headers.valueAt(lengthIndex));
  if (lengthIndex >= 0) return { type: "bad", problem: "Content-Length and Transfer-Encoding together" };
  return codingOf(headers.valueAt(codingIndex));
}

function lengthOf(value: string): Framing {
  // 15 digits keep it below 2^53.
  if (value.length === 0 || value.length > 15)
    return { type: "bad", problem: "Content-Length is not a length" };
  if (value.length > 1 && value.charCodeAt(0) === 0x30) {
    return { type: "bad", problem: "Content-Length has a leading zero" };
  }
  let bytes = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return { type: "bad", problem: "Content-Length is not a length" };
    bytes = bytes * 10 + digit;
  }
  return { type: "length", bytes };
}

function codingOf(value: string): Framing {
  const lower = value.toLowerCase();
  if (lower === "chunked") return chunked;
  if (/^[a-z0-9-]+$/.test(lower) && !lower.includes("chunked") && lower !== "identity") {
    return { type: "unknown-coding", problem: `transfer coding ${lower}` };
  }
  return { type: "bad", problem: "Transfer-Encoding is not exactly chunked" };
}
