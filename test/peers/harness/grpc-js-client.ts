/** grpc-js as a client: the cases of go/grpc/call.go by their names, and what it saw in the same words. */
import {
  Client,
  type ClientDuplexStream,
  credentials,
  Metadata,
  type ServiceError,
  type StatusObject,
  status,
} from "@grpc/grpc-js";
import { codeNames } from "./grpc-codes.ts";
import type { Seen } from "./grpc-go.ts";
import { unlimited } from "./grpc-js.ts";
import type { Address } from "./waystone.ts";

/** Long: only waited out by a call that would hang. */
const deadlineMs = 50_000;

/** One case on a connection of its own. */
export async function callJs(
  address: Address,
  name: string,
  ...rest: readonly (string | number)[]
): Promise<Seen> {
  const caller = new GrpcJsCaller(address);
  try {
    return await caller.run(name, rest);
  } finally {
    caller.close();
  }
}

export class GrpcJsCaller {
  readonly #client: Client;

  constructor({ host, port }: Address) {
    // Of its own it sends again only what never went out: Node's client refuses what waits when a GOAWAY comes.
    const options = { ...unlimited, "grpc.use_local_subchannel_pool": 1 };
    this.#client = new Client(`${host}:${port}`, credentials.createInsecure(), options);
  }

  close(): void {
    this.#client.close();
  }

  async run(name: string, rest: readonly (string | number)[]): Promise<Seen> {
    const [first = "", second = ""] = rest.map(String);
    switch (name) {
      case "unary":
        return await this.#unaryWithMetadata();
      case "many-unary":
        return await this.#manyUnary(Number(first), Number(second));
      case "method":
        return await this.method(first, Buffer.from(second));
      case "server-stream":
        return await this.#serverStream(Number(first));
      case "client-stream":
        return await this.#clientStream(Number(first));
      case "chat":
        return await this.chat(Number(first), Number(second));
      case "deadline":
        return await this.method("Hang", Buffer.alloc(0), Number(first));
      case "cancel":
        return await this.#cancel();
      case "push":
        return await this.#push(first);
      case "large":
        return await this.#large(Number(first));
      default:
        throw new Error(`no case is called ${name}`);
    }
  }

  async unary(name: string, message: Buffer, timeoutMs: number = deadlineMs): Promise<Outcome> {
    return await new Promise((resolve) =>
      this.#client.makeUnaryRequest(
        `/peers.Echo/${name}`,
        same,
        same,
        message,
        { deadline: Date.now() + timeoutMs },
        (error, reply) => resolve({ ...outcomeOf(error), message: reply ?? Buffer.alloc(0) }),
      ),
    );
  }

  async method(name: string, message: Buffer, timeoutMs?: number): Promise<Seen> {
    const { code, details, message: answer } = await this.unary(name, message, timeoutMs);
    const ended = { code: codeNames[code], message: details };
    return timeoutMs === undefined ? { ...ended, answer: answer.toString() } : ended;
  }

  async #unaryWithMetadata(): Promise<Seen> {
    const metadata = new Metadata();
    metadata.set("x-ask", "why");
    metadata.set("x-ask-bin", Buffer.from([0, 1, 255]));
    let head = new Metadata();
    const { promise, resolve } = Promise.withResolvers<StatusObject>();
    let answer: Buffer = Buffer.alloc(0);
    const options = { deadline: Date.now() + deadlineMs };
    const call = this.#client.makeUnaryRequest(
      "/peers.Echo/Unary",
      same,
      same,
      Buffer.from("hello"),
      metadata,
      options,
      (_error, reply) => (answer = reply ?? answer),
    );
    call.on("metadata", (received) => (head = received));
    call.on("status", resolve);
    const { code, metadata: trailer } = await promise;
    return {
      answer: answer.toString(),
      code: codeNames[code],
      head: head.get("x-head"),
      trailer: trailer.get("x-trailer"),
      binary: `[${trailer
        .get("x-trailer-bin")
        .map((value) => Buffer.from(value).toString("hex"))
        .join(" ")}]`,
    };
  }

  async #manyUnary(calls: number, width: number): Promise<Seen> {
    let next = 0;
    let wrong = "";
    const run = async (): Promise<void> => {
      for (let at = next++; at < calls; at = next++) {
        const asked = `call ${at}`;
        const { code, details, message } = await this.unary("Unary", Buffer.from(asked));
        if (code !== 0 || message.toString() !== asked) wrong = `${asked}: ${message.toString()}, ${details}`;
      }
    };
    await Promise.all(Array.from({ length: width }, run));
    return { calls, wrong };
  }

  async #serverStream(count: number): Promise<Seen> {
    const asked = Buffer.alloc(4);
    asked.writeUInt32BE(count);
    const options = { deadline: Date.now() + deadlineMs };
    const call = this.#client.makeServerStreamRequest("/peers.Echo/Many", same, same, asked, options);
    let [messages, last] = [0, ""];
    call.on("data", (message: Buffer) => {
      messages += 1;
      last = message.toString();
    });
    const { code, details } = await endOf(call);
    return code === status.OK ? { messages, last } : { code: codeNames[code], message: details };
  }

  async #clientStream(count: number): Promise<Seen> {
    const { promise, resolve } = Promise.withResolvers<Seen>();
    const call = this.#client.makeClientStreamRequest<Buffer, Buffer>(
      "/peers.Echo/Collect",
      same,
      same,
      { deadline: Date.now() + deadlineMs },
      (error, reply) => resolve({ answer: reply?.toString() ?? "", code: codeNames[outcomeOf(error).code] }),
    );
    for (let i = 0; i < count; i++) call.write(Buffer.alloc(i));
    call.end();
    return await promise;
  }

  #open(name: string): ClientDuplexStream<Buffer, Buffer> {
    const options = { deadline: Date.now() + deadlineMs };
    return this.#client.makeBidiStreamRequest<Buffer, Buffer>(`/peers.Echo/${name}`, same, same, options);
  }

  /** `onTurn`: true ends it there. */
  async chat(
    count: number,
    bytes: number,
    onTurn: (turns: number) => boolean = () => false,
  ): Promise<ChatEnd> {
    const call = this.#open("Chat");
    const ended = endOf(call);
    let turns = 0;
    const say = (): void => {
      const message = Buffer.alloc(bytes);
      message.writeUInt32BE(turns);
      call.write(message);
    };
    call.on("data", (message: Buffer) => {
      if (message.length !== bytes || message.readUInt32BE() !== turns) call.cancel();
      turns += 1;
      if (onTurn(turns) || turns === count) call.end();
      else say();
    });
    say();
    const { code } = await ended;
    return { turns, code: codeNames[code] ?? String(code) };
  }

  async #cancel(): Promise<Seen> {
    const call = this.#open("Chat");
    const ended = endOf(call);
    call.once("data", () => call.cancel());
    call.write(Buffer.from("once"));
    const { code, details } = await ended;
    return { code: codeNames[code], message: details };
  }

  async #push(name: string): Promise<Seen> {
    const call = this.#open(name);
    const ended = endOf(call);
    call.on("data", () => {});
    const message = Buffer.alloc(16_384);
    // Until nobody takes any more.
    const say = (): void => {
      while (call.write(message));
      call.once("drain", say);
    };
    say();
    const { code, details } = await ended;
    call.off("drain", say);
    return { code: codeNames[code], message: details };
  }

  async #large(bytes: number): Promise<Seen> {
    const sent = Buffer.alloc(bytes, "0123456789");
    const { code, message } = await this.unary("Unary", sent);
    return { bytes: message.length, same: message.equals(sent), code: codeNames[code] };
  }
}

/** A type and no interface: one of Seen. */
export type ChatEnd = Readonly<{ turns: number; code: string }>;

export interface Outcome {
  readonly code: number;
  readonly details: string;
  readonly message: Buffer;
}

const same = (bytes: Buffer): Buffer => bytes;

function outcomeOf(error: ServiceError | null): { readonly code: number; readonly details: string } {
  return { code: error?.code ?? 0, details: error?.details ?? "" };
}

/** How a stream of answers ended. */
async function endOf(call: {
  on(event: "status", listener: (status: StatusObject) => void): unknown;
  on(event: "error", listener: () => void): unknown;
}): Promise<StatusObject> {
  return await new Promise((resolve) => {
    // Its status says the same.
    call.on("error", () => {});
    call.on("status", resolve);
  });
}
