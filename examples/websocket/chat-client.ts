/** A client of the chat: Node's own WebSocket, over HTTP/1.1. */

const deadlineMs = 30_000;

export class ChatClient {
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async open(address: string, path: string): Promise<ChatClient> {
    const socket = new WebSocket(`ws://${address}${path}`);
    await once(socket, "open");
    return new ChatClient(socket);
  }

  /** The next message after ours. */
  async say(text: string): Promise<string> {
    const reply = once(this.#socket, "message");
    this.#socket.send(text);
    return String(((await reply) as MessageEvent).data);
  }

  /** The code that the other side closes with. */
  async leave(code = 1000): Promise<number> {
    const closed = once(this.#socket, "close");
    this.#socket.close(code);
    return ((await closed) as CloseEvent).code;
  }
}

async function once(socket: WebSocket, type: string): Promise<Event> {
  const { promise, resolve, reject } = Promise.withResolvers<Event>();
  const timer = setTimeout(() => reject(new Error(`no ${type} within ${deadlineMs / 1000} s`)), deadlineMs);
  const fail = (): void => reject(new Error("the WebSocket failed"));
  socket.addEventListener(type, resolve, { once: true });
  socket.addEventListener("error", fail, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.removeEventListener("error", fail);
  }
}
