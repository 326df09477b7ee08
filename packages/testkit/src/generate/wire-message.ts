/** A request as its writer lays it out, before it becomes bytes: mutations change what no honest writer would. Latin1 text. */

export interface WireLine {
  readonly text: string;
  readonly end: string;
}

export interface WireMessage {
  readonly requestLine: WireLine;
  readonly headers: readonly WireLine[];
  /** The blank line. */
  readonly headEnd: string;
  /** As framed: chunk by chunk where it is chunked. */
  readonly body: string;
}

export function wireLine(text: string, end = "\r\n"): WireLine {
  return { text, end };
}

export function toBytes(message: WireMessage): Buffer {
  const lines = [message.requestLine, ...message.headers].map(({ text, end }) => text + end);
  return Buffer.from(lines.join("") + message.headEnd + message.body, "latin1");
}

export function isHeader(line: WireLine, name: string): boolean {
  return line.text.toLowerCase().startsWith(`${name.toLowerCase()}:`);
}

export function withoutHeader(message: WireMessage, ...names: readonly string[]): WireMessage {
  return {
    ...message,
    headers: message.headers.filter((line) => !names.some((name) => isHeader(line, name))),
  };
}

/** Header lines put in at `at` (at the end when it is larger). */
export function withHeaders(message: WireMessage, texts: readonly string[], at: number): WireMessage {
  return { ...message, headers: message.headers.toSpliced(at, 0, ...texts.map((text) => wireLine(text))) };
}
