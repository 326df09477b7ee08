/**
 * The transport over undici. Before each request the credential is read anew (who provides it keeps what is still good);
 * a 401 throws it away and asks once more with a new one. Nothing else is tried again here: who asks knows what is safe.
 */
import type { Clock } from "@waystone/base/clock";
import type { Dispatcher } from "undici";
import { errorFromAnswer, errorFromThrown, noAnswer } from "./api-error.ts";
import { Connections } from "./connections.ts";
import { parseAnswer, readAnswer } from "./read-answer.ts";
import { UnderWay } from "./under-way.ts";
import { type ApiRequest, describeRequest, type StreamRequest, type Transport } from "./transport.ts";
import type { Credential, TransportConfig } from "./transport-config.ts";

const defaultTimeoutMs = 30_000;
const defaultLimitBytes = 64 * 1024 * 1024;
const errorLimitBytes = 1024 * 1024;

export function openTransport(config: TransportConfig, { clock }: { readonly clock: Clock }): Transport {
  return new UndiciTransport(config, clock);
}

class UndiciTransport implements Transport {
  readonly namespace: string;
  readonly #config: TransportConfig;
  readonly #clock: Clock;
  readonly #origin: string;
  /** What stands before every path, without its last slash. */
  readonly #base: string;
  readonly #connections: Connections;
  readonly #underWay = new UnderWay();

  constructor(config: TransportConfig, clock: Clock) {
    const url = new URL(config.server);
    this.namespace = config.namespace;
    this.#config = config;
    this.#clock = clock;
    this.#origin = url.origin;
    this.#base = url.pathname.replace(/\/+$/, "");
    this.#connections = new Connections({ origin: url.origin, proxyUrl: config.proxyUrl });
  }

  async request<T>(request: ApiRequest): Promise<T> {
    const asked = describeRequest(request);
    const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
    const { abort, signal, done } = this.#underWay.begin(request.signal);
    let isLate = false;
    const timer = this.#clock.after(timeoutMs, () => {
      isLate = true;
      abort();
    });
    try {
      const answer = await this.#ask(request, signal);
      const limitBytes = request.limitBytes ?? defaultLimitBytes;
      return parseAnswer(await readAnswer(answer.body, { asked, limitBytes }), asked) as T;
    } catch (thrown) {
      if (isLate)
        throw noAnswer("TimedOut", `${asked}: no answer from the API server within ${timeoutMs} ms`);
      throw errorFromThrown(asked, thrown);
    } finally {
      timer.cancel();
      done();
    }
  }

  async stream(request: StreamRequest): Promise<AsyncIterable<Uint8Array>> {
    const asked = describeRequest(request);
    const { signal, done } = this.#underWay.begin(request.signal);
    try {
      const answer = await this.#ask(request, signal);
      return readStream(answer.body, asked, done);
    } catch (thrown) {
      done();
      throw errorFromThrown(asked, thrown);
    }
  }

  async close(): Promise<void> {
    this.#underWay.abort();
    await this.#connections.close();
  }

  /** An answer with a 2xx status; its body is unread. */
  async #ask(request: ApiRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const first = await this.#send(request, signal);
    if (first.statusCode !== 401) return await this.#accept(request, first);
    await first.body.dump({ limit: errorLimitBytes });
    this.#config.credentials.discard();
    return await this.#accept(request, await this.#send(request, signal));
  }

  async #send(request: ApiRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { method = "GET", path, query = {}, body } = request;
    const credential = await this.#readCredential(request);
    signal.throwIfAborted();
    return await this.#connections.with(credential.tls).request({
      origin: this.#origin,
      path: `${this.#base}${path}${formatQuery(query)}`,
      method,
      headers: this.#headers(request, credential),
      body: body === undefined ? null : JSON.stringify(body),
      signal,
    });
  }

  async #readCredential(request: ApiRequest): Promise<Credential> {
    try {
      return await this.#config.credentials.read();
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      throw noAnswer("NoCredential", `${describeRequest(request)}: ${message}`, thrown);
    }
  }

  #headers(
    { body, contentType = "application/json" }: ApiRequest,
    credential: Credential,
  ): Record<string, string | string[]> {
    return {
      accept: "application/json",
      "user-agent": this.#config.userAgent ?? "waystone",
      ...(body === undefined ? {} : { "content-type": contentType }),
      ...(credential.authorization === undefined ? {} : { authorization: credential.authorization }),
      ...credential.headers,
    };
  }

  async #accept(request: ApiRequest, answer: Dispatcher.ResponseData): Promise<Dispatcher.ResponseData> {
    const { statusCode, headers } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    const asked = describeRequest(request);
    const body = await readAnswer(answer.body, { asked, limitBytes: errorLimitBytes });
    const retryAfter = headers["retry-after"];
    throw errorFromAnswer(asked, {
      status: statusCode,
      retryAfter: typeof retryAfter === "string" ? retryAfter : undefined,
      body,
    });
  }
}

async function* readStream(
  body: AsyncIterable<Uint8Array>,
  asked: string,
  done: () => void,
): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (thrown) {
    throw errorFromThrown(asked, thrown);
  } finally {
    done();
  }
}

function formatQuery(query: NonNullable<ApiRequest["query"]>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}
