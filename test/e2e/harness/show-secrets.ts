/** Requests that show what `planted-secrets.ts` plants, well and badly: each with the answer that it is to get. */
import { makeToken } from "../../../examples/jwt/token.ts";
import { type Answer, ask } from "../../../examples/harness/ask.ts";
import { planted } from "./planted-secrets.ts";

export interface ShownTokens {
  readonly tokens: Readonly<Record<"token" | "queried" | "baked" | "forged", string>>;
  /** What nobody may get to read of them. */
  readonly signatures: Readonly<Record<string, string>>;
}

export function shownTokens(): ShownTokens {
  const tokens = {
    token: makeToken("alice"),
    queried: makeToken("bob"),
    baked: makeToken("carol"),
    forged: `${makeToken("mallory").slice(0, -8)}AAAAAAAA`,
  };
  const signatures = Object.entries(tokens).map(([name, text]) => [name, text.split(".")[2]!.slice(0, 40)]);
  return { tokens, signatures: Object.fromEntries(signatures) as Record<string, string> };
}

export const shownAnswers = {
  key: 200,
  "key by hash": 200,
  "wrong key": 401,
  password: 200,
  "wrong password": 401,
  token: 200,
  "token in the query": 200,
  "token in a cookie": 200,
  "forged token": 401,
  "forged token in the query": 401,
  "refused before it is asked who asks": 400,
  "two tokens": 401,
};

/** Each is answered, and by whom. */
export async function showEach(url: string, tokens: ShownTokens["tokens"]): Promise<Record<string, number>> {
  const basic = (password: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`alice:${password}`).toString("base64")}`,
  });
  const asked: Record<string, Promise<Answer>> = {
    key: ask(url, { headers: { "x-api-key": planted.apiKey } }),
    "key by hash": ask(url, { headers: { "x-api-key": planted.hashedKey } }),
    "wrong key": ask(url, { headers: { "x-api-key": planted.wrongKey } }),
    password: ask(url, { headers: basic(planted.password) }),
    "wrong password": ask(url, { headers: basic(planted.wrongPassword) }),
    token: ask(url, { headers: { authorization: `Bearer ${tokens.token}` } }),
    "token in the query": ask(`${url}/a?token=${tokens.queried}&b=c`),
    "token in a cookie": ask(url, { headers: { cookie: `session=${tokens.baked}` } }),
    "forged token": ask(url, { headers: { authorization: `Bearer ${tokens.forged}` } }),
    "forged token in the query": ask(`${url}/a?%74oken=${tokens.forged}`),
    "refused before it is asked who asks": ask(`${url}/%00?token=${tokens.queried}`),
    "two tokens": ask(`${url}/?token=${tokens.token}&token=${tokens.forged}`),
  };
  const statuses: Record<string, number> = {};
  for (const [name, answer] of Object.entries(asked)) statuses[name] = (await answer).status;
  return statuses;
}
