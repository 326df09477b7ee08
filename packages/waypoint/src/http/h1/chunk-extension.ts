/**
 * The grammar of chunk extensions (RFC 9112 7.1.1), without the white space that it calls bad: ";name", ";name=token",
 * ";name=\"quoted\"". Checked and thrown away: what a lenient reader takes for an extension may end a line for another.
 */
import { CR, tokenLower, valueByte } from "./byte-classes.ts";

const semicolon = 0x3b;
const equals = 0x3d;
const quote = 0x22;
const backslash = 0x5c;

type State =
  /** After ";". */
  | "start"
  | "name"
  /** After "=". */
  | "value"
  | "token"
  | "quoted"
  | "quoted-pair"
  /** After a quoted string. */
  | "quoted-end"
  /** After the CR of its line. */
  | "end"
  | "bad";

export class ChunkExtension {
  #state: State = "start";

  /** Takes the bytes behind the first ";", one after the other, up to the line's CR, which is the "end". */
  step(byte: number): "more" | "end" | "bad" {
    this.#state = nextState(this.#state, byte);
    if (this.#state === "end" || this.#state === "bad") return this.#state;
    return "more";
  }
}

function nextState(state: State, byte: number): State {
  const isTokenByte = tokenLower[byte] !== 0;
  switch (state) {
    case "start":
      return isTokenByte ? "name" : "bad";
    case "name":
      if (byte === equals) return "value";
      return isTokenByte ? "name" : afterExtension(byte);
    case "value":
      if (byte === quote) return "quoted";
      return isTokenByte ? "token" : "bad";
    case "token":
      return isTokenByte ? "token" : afterExtension(byte);
    case "quoted":
      if (byte === quote) return "quoted-end";
      if (byte === backslash) return "quoted-pair";
      return valueByte[byte] === 1 ? "quoted" : "bad";
    case "quoted-pair":
      return valueByte[byte] === 1 ? "quoted" : "bad";
    case "quoted-end":
      return afterExtension(byte);
    case "end":
    case "bad":
      return "bad";
  }
}

/** The next one, or the end of the line. */
function afterExtension(byte: number): State {
  if (byte === semicolon) return "start";
  return byte === CR ? "end" : "bad";
}
