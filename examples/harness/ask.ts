/** Plain HTTP requests, over kept-alive connections, as any client makes them. */
import http from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** What a backend of these examples says of itself and of what it saw; undefined where Waystone answered itself. */
  readonly seen: Seen | undefined;
}

/** The body of the answers of backend.ts. */
export interface Seen {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Where it comes from. */
  readonly localAddress?: string;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const deadlineMs = 30_000;

export async function ask(
  url: string,
  { method = "GET", headers = {}, body, localAddress }: Question = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const from = localAddress === undefined ? {} : { localAddress };
  const request = http.request(url, { agent, method, headers, timeout: deadlineMs, ...from }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: text,
        seen: parseSeen(response, text),
      });
    });
  });
  request.on("timeout", () =>
    request.destroy(new Error(`no answer from ${url} within ${deadlineMs / 1000} s`)),
  );
  request.on("error", reject);
  request.end(body);
  return await promise;
}

/** Several requests, a few at a time. */
export async function askMany(
  count: number,
  url: string,
  question: Question = {},
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const askOn = async (): Promise<void> => {
    while (count-- > 0) answers.push(await ask(url, question));
  };
  await Promise.all(Array.from({ length: 8 }, askOn));
  return answers;
}

/** How many answers each backend gave; what Waystone answered itself is counted by its status. */
export function tally(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { seen, status } of answers) {
    const name = seen?.name ?? String(status);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export function closeConnections(): void {
  agent.destroy();
}

function parseSeen({ headers }: http.IncomingMessage, text: string): Seen | undefined {
  return headers["x-backend"] === undefined ? undefined : (JSON.parse(text) as Seen);
}
