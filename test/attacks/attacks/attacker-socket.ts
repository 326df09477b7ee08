/** A connection of somebody who means harm: writes as fast as it is taken, and learns how it was ended. */
import { connect, type Socket } from "node:net";
import { readFrames, describeFrame } from "@waystone/waypoint/http/h2/testdata/frames";
import type { Target } from "../attack.ts";

export class AttackerSocket {
  readonly socket: Socket;
  isClosed = false;
  /** "GOAWAY ENHANCE_YOUR_CALM", once it was said. */
  goaway = "";
  #rest: Buffer = Buffer.alloc(0);
  #wake: () => void = () => {};

  constructor(port: number, readsFrames: boolean) {
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.isClosed = true;
      this.#wake();
    });
    this.socket.on("drain", () => this.#wake());
    if (readsFrames) this.socket.on("data", (bytes: Buffer) => this.#read(bytes));
    else this.socket.resume();
  }

  /** Resolves when more would be taken, or nothing ever will. */
  async write(bytes: Buffer | string): Promise<void> {
    if (this.isClosed || this.socket.write(bytes)) return await turn();
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async untilClosed(target: Target): Promise<void> {
    while (!this.isClosed && !target.isOver()) await turn();
  }

  close(): void {
    this.socket.destroy();
  }

  #read(bytes: Buffer): void {
    const { frames, rest } = readFrames(Buffer.concat([this.#rest, bytes]));
    this.#rest = Buffer.from(rest);
    for (const frame of frames) if (frame.type === "GOAWAY") this.goaway = describeFrame(frame);
  }
}

/** One turn of the event loop. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** `atATime` of them, one after the other until the time is up. */
export async function repeat(target: Target, atATime: number, once: () => Promise<void>): Promise<void> {
  const lane = async (): Promise<void> => {
    while (!target.isOver()) await once();
  };
  await Promise.all(Array.from({ length: atATime }, lane));
}
