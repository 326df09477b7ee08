/** The body of an answer, as text, up to a bound. */
import { noAnswer } from "./api-error.ts";

export async function readAnswer(
  body: AsyncIterable<Uint8Array>,
  { asked, limitBytes }: { readonly asked: string; readonly limitBytes: number },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limitBytes) {
      throw noAnswer(
        "Malformed",
        `${asked}: the answer is longer than ${limitBytes} bytes: ask for less at a time`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString("utf8");
}

/** An empty body is undefined; a cut one is an error that names what was asked. */
export function parseAnswer(text: string, asked: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    const message = `${asked}: the answer is no JSON (${text.length} characters): cut on the way?`;
    throw noAnswer("Malformed", message, thrown);
  }
}
