/** One request on a connection of its own, and what came of it in one word. */
import { connect } from "node:net";

/** "200", "503 retry-after", "503", "reset" (also: refused, or closed without a word), "late". */
export async function askOnce(host: string, port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect({ host, port }, () =>
    socket.write("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"),
  );
  const timer = setTimeout(() => resolve("late"), 20_000);
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (piece: string) => (text += piece));
  socket.on("error", () => resolve(text === "" ? "reset" : "cut"));
  socket.on("close", () => {
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? "reset";
    resolve(status === "503" && /\r\nretry-after: 1\r\n/i.test(text) ? "503 retry-after" : status);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** How often each came. */
export function tallyOf(answers: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].map(([answer, count]) => `${count} x ${answer}`).join(", ");
}
