/** A client that keeps its one connection, and asks again and again. */
import { connect } from "node:net";

export interface KeptClient {
  ask(times: number): Promise<readonly string[]>;
  close(): void;
}

export async function openKeptClient(host: string, port: number): Promise<KeptClient> {
  const socket = connect({ host, port, noDelay: true });
  let text = "";
  let wake: () => void = () => {};
  socket.setEncoding("latin1");
  socket.on("error", () => {});
  socket.on("data", (piece: string) => {
    text += piece;
    wake();
  });
  socket.on("close", () => wake());
  const askOne = async (): Promise<string> => {
    text = "";
    if (socket.destroyed) return "closed";
    socket.write("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
    while (!text.endsWith("ok") && !socket.destroyed && !/^HTTP\/1\.1 [^2]/.test(text)) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
    return /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? "closed";
  };
  // The endpoint's connection is there too, from the first answer on.
  await askOne();
  return {
    async ask(times) {
      const answers: string[] = [];
      for (let i = 0; i < times; i++) answers.push(await askOne());
      return answers;
    },
    close: () => void socket.destroy(),
  };
}
