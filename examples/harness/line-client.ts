/** A client of greeting-backend.ts, in plain TCP or inside TLS: reads lines, says lines. */
import net, { type Socket } from "node:net";
import tls from "node:tls";
import { shopCertificate } from "./greeting-backend.ts";

const deadlineMs = 30_000;

export class LineClient {
  readonly socket: Socket;
  #text = "";
  #problem: Error | undefined = undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes: Buffer) => (this.#text += bytes.toString()));
    socket.on("error", (error) => (this.#problem = error));
  }

  /** The next line; throws where the connection ends before. */
  async line(): Promise<string> {
    const end = performance.now() + deadlineMs;
    while (!this.#text.includes("\n")) {
      if (this.#problem !== undefined) throw this.#problem;
      if (this.socket.closed) throw new Error("closed");
      if (performance.now() > end) throw new Error(`no line within ${deadlineMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const at = this.#text.indexOf("\n");
    const line = this.#text.slice(0, at);
    this.#text = this.#text.slice(at + 1);
    return line;
  }

  async say(line: string): Promise<string> {
    this.socket.write(`${line}\n`);
    return await this.line();
  }

  /** How it ended: "" without an error. */
  async ended(): Promise<string> {
    const end = performance.now() + deadlineMs;
    while (!this.socket.closed && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 2));
    return this.#problem?.message ?? (this.socket.closed ? "" : "still open");
  }
}

export function dialTcp(host: string, port: number): LineClient {
  return new LineClient(net.connect({ host, port }));
}

/** Checks the server's certificate against the name that it asks for; "" asks for none, and checks nothing. */
export function dialTls(host: string, port: number, servername: string): LineClient {
  const options = { host, port, ca: shopCertificate };
  if (servername === "")
    return new LineClient(tls.connect({ ...options, checkServerIdentity: () => undefined }));
  return new LineClient(tls.connect({ ...options, servername }));
}
