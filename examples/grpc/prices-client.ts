/** A gRPC client of shop.Prices, on one connection. */
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { toBytes, toText } from "../harness/grpc-backend.ts";

export interface CallOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export class PricesClient {
  readonly #client: Client;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure());
  }

  /** The reply, or "status: details". */
  async call(
    path: string,
    message: string,
    { metadata = {}, timeoutMs = 30_000 }: CallOptions = {},
  ): Promise<string> {
    const sent = new Metadata();
    for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
    const { promise, resolve } = Promise.withResolvers<string>();
    const done = (error: ServiceError | null, reply?: string): void =>
      resolve(error === null ? (reply ?? "") : `${error.code}: ${error.details}`);
    const deadline = { deadline: Date.now() + timeoutMs };
    this.#client.makeUnaryRequest(path, toBytes, toText, message, sent, deadline, done);
    return await promise;
  }

  async watch(message: string): Promise<readonly string[]> {
    const messages: string[] = [];
    const stream = this.#client.makeServerStreamRequest("/shop.Prices/Watch", toBytes, toText, message);
    stream.on("data", (text: string) => messages.push(text));
    await new Promise((resolve, reject) => {
      stream.once("end", resolve);
      stream.once("error", reject);
    });
    return messages;
  }

  close(): void {
    this.#client.close();
  }
}
