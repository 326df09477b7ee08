/** What an admin route answers, before it is written to a socket. */

export interface AdminAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function textAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): AdminAnswer {
  return { status, contentType: "text/plain; charset=utf-8", body: `${body}\n`, headers };
}

export function jsonAnswer(value: unknown, status = 200): AdminAnswer {
  return {
    status,
    contentType: "application/json; charset=utf-8",
    body: `${JSON.stringify(value, null, 2)}\n`,
  };
}
