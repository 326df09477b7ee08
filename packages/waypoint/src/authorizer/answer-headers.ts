/**
 * Header lines that an authorizer wants to set: checked, bounded, and none of them one by which a message is framed, routed or told
 * apart from others. What it may not change in a request it may not change silently either: such an answer is an error.
 */
import {
  type HeaderLine,
  isFieldValue,
  isToken,
  parseHeaderLine,
} from "@waystone/engine/headers/header-line";
import { ownForwardingHeaders } from "@waystone/engine/headers/forwarded";

/** Lines of one answer, and bytes of them: as much as a request may have itself. */
const mostLines = 100;
const mostBytes = 64 * 1024;

/** RFC 9110 7.6.1, framing, and where the request goes to. */
const refused: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-forwarded-client-cert",
]);

export function isRefusedHeader(lower: string): boolean {
  return refused.has(lower) || ownForwardingHeaders.has(lower) || lower.startsWith(":");
}

/** Throws AnswerProblem where an answer asks for more than it may. */
export class HeaderBudget {
  #lines = 0;
  #bytes = 0;

  /** `value`: a text, as protobuf and JSON have it. */
  take(name: string, value: string): HeaderLine {
    const line = parseHeaderLine(name, value);
    if (typeof line === "string") throw new AnswerProblem(line);
    return this.#count(line);
  }

  /** `value`: bytes, as a header had them. */
  takeBytes(name: string, value: string): HeaderLine {
    if (!isToken(name) || !isFieldValue(value)) throw new AnswerProblem(`header ${name} is malformed`);
    return this.#count({ name, lower: name.toLowerCase(), value, line: `${name}: ${value}\r\n` });
  }

  /** In lower case. */
  takeName(name: string): string {
    if (!isToken(name)) throw new AnswerProblem(`${JSON.stringify(name)} is not a header name`);
    return this.#count({ lower: name.toLowerCase(), line: name }).lower;
  }

  #count<Line extends Pick<HeaderLine, "lower" | "line">>(line: Line): Line {
    if (isRefusedHeader(line.lower)) {
      throw new AnswerProblem(`it wants to change header ${line.lower}, which is not its to change`);
    }
    this.#lines++;
    this.#bytes += line.line.length;
    if (this.#lines > mostLines || this.#bytes > mostBytes) {
      throw new AnswerProblem(
        `it wants to change more than ${mostLines} headers or ${mostBytes} bytes of them`,
      );
    }
    return line;
  }
}

/** The answer cannot be carried out; the message is for logs. */
export class AnswerProblem extends Error {}

/** The lines of a refusal that may be passed on: what is malformed or not its to say is left out, a refusal stays one. */
export function linesOfRefusal<Item>(
  items: Iterable<Item>,
  take: (budget: HeaderBudget, item: Item) => HeaderLine,
): HeaderLine[] {
  const budget = new HeaderBudget();
  const taken: HeaderLine[] = [];
  for (const item of items) {
    try {
      taken.push(take(budget, item));
    } catch (error) {
      if (!(error instanceof AnswerProblem)) throw error;
    }
  }
  return taken;
}
