/**
 * A backend of the examples that is no HTTP server: it greets whoever connects with its name, as mail and database servers
 * do, and then says back what it hears. With habit "tls" the same inside TLS, by a certificate for *.shop.example.
 */
import { readFileSync } from "node:fs";
import net, { type Socket } from "node:net";
import path from "node:path";
import tls from "node:tls";
import type { Seen } from "./ask.ts";
import type { Backend, BackendOptions } from "./backend.ts";

/** Key and certificate, for the examples alone. */
export const shopCertificate: Buffer = readFileSync(path.join(import.meta.dirname, "shop.example.pem"));

export async function openGreetingBackend(options: BackendOptions): Promise<Backend> {
  const { name, host, port } = options;
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const greet = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    seen.push({ name, method: "", path: "", headers: {}, bodyBytes: 0 });
    socket.write(`hello from ${name}\n`);
    socket.on("data", (bytes: Buffer) => socket.write(bytes));
  };
  const server =
    options.habit === "tls"
      ? tls.createServer({ key: shopCertificate, cert: shopCertificate }, greet)
      : net.createServer(greet);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { ...options, seen, close };
}
